// A phone: Chromium with a phone's viewport, and what every journey does with it.
import { chromium } from 'playwright-core';

export const PHONE = { width: 375, height: 812 };
export const DESK = { width: 1280, height: 800 };

export async function openBrowser(extra = []) {
  const found = process.env.CHROMIUM;
  return chromium.launch({
    executablePath: found && found !== 'playwright' ? found : found === 'playwright' ? undefined : '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--lang=zh-CN',
      ...extra,
    ],
    // What a field for a date looks like follows the system's language, not the page's.
    env: { ...process.env, LANGUAGE: 'zh_CN', LANG: 'zh_CN.UTF-8' },
  });
}

// A context of its own is a phone of its own: cookies, storage, service worker. Errors on its pages end the journey.
export async function openPhone(browser, stage, options = {}) {
  const context = await browser.newContext({
    baseURL: stage.origin,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: PHONE,
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
    ...options,
  });
  context.setDefaultTimeout(15000);
  // The phone's clock agrees with the server's, and both run.
  if (stage.now) await context.clock.install({ time: stage.now });
  const troubles = [];
  context.on('weberror', (error) => troubles.push(`page error: ${error.error().message}`));
  context.on('console', (message) => {
    const text = message.text();
    // A page that is left while it loads says so, too.
    if (message.type() === 'error' && !/Failed to load resource|net::ERR_|body loading was aborted/.test(text)) troubles.push(`console: ${text}`);
  });
  const page = await context.newPage();
  return { context, page, troubles };
}

export async function logIn(page, number, password) {
  await page.goto('/login');
  await page.locator('input[name=username]').fill(number);
  await page.locator('input[name=password]').fill(password);
  await Promise.all([page.waitForURL((url) => !url.pathname.startsWith('/login')), page.locator('button[type=submit]').click()]);
}

// The app has started when its tab bar or its first heading stands.
export async function started(page) {
  await page.locator('main:not([hidden])').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy=true]'));
}

// How far the page can be pushed sideways, in pixels; a phone's page never can.
export function sideways(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
