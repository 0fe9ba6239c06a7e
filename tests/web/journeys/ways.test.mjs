// The other ways: no camera, no script, no network, a narrow screen.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer, connect } from 'node:net';
import { after, before, test } from 'node:test';
import { DESK, logIn, openBrowser, openPhone, sideways, started } from '../browser.mjs';
import { openStage } from '../stage.mjs';

let stage;
let browser;

before(async () => {
  stage = await openStage();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await stage?.close();
});

test('without a camera the typed code signs in', async () => {
  const { context, page, troubles } = await openPhone(browser, stage);
  await logIn(page, stage.trainees[0], stage.password);
  await page.goto('/scan');
  await page.getByText('无法使用相机').waitFor();
  await page.getByText('拍照或选择图片').waitFor();
  const board = await stage.board(stage.lessons[0]);
  await page.locator('#scan-code').fill(board.code.toLowerCase());
  await page.getByRole('button', { name: '签到', exact: true }).tap();
  await page.getByText('签到成功').waitFor();
  assert.deepEqual(troubles, []);
  await context.close();
});

test('without a script the scanned link leads through log-in to the sign-in', async () => {
  const { context, page } = await openPhone(browser, stage, { javaScriptEnabled: false });
  const board = await stage.board(stage.lessons[0]);
  await page.goto(new URL(board.link).pathname);
  if (new URL(page.url()).pathname !== '/login') await page.locator('a[href^="/login"]').first().click();
  await page.locator('input[name=username]').fill(stage.trainees[1]);
  await page.locator('input[name=password]').fill(stage.password);
  await page.locator('button[type=submit]').click();
  await page.getByRole('button', { name: '确认签到' }).click();
  await page.getByText('签到成功').waitFor();
  assert.equal(await sideways(page), 0);
  const attended = await stage.call(stage.teacher, 'GET', `/lessons/${stage.lessons[0]}/attendance`);
  const row = attended.body.rows.find((row) => row.officer === stage.trainees[1]);
  assert.equal(row.status, 'on_time');
  await context.close();
});

test('a wrong password says so and keeps the number', async () => {
  const { context, page } = await openPhone(browser, stage);
  await page.goto('/login');
  await page.locator('input[name=username]').fill(stage.clerk);
  await page.locator('input[name=password]').fill('not the password');
  await page.locator('button[type=submit]').click();
  await page.getByText('工号或密码不正确').waitFor();
  assert.equal(await page.locator('input[name=username]').inputValue(), stage.clerk);
  assert.equal(await page.locator('input[name=password]').inputValue(), '');
  await context.close();
});

// Stands between the phone and the server, and can be taken away like a network.
async function openWire(origin) {
  const { port } = new URL(origin);
  const sockets = new Set();
  let up = true;
  const server = createServer((socket) => {
    if (!up) return socket.destroy();
    const onward = connect(Number(port), '127.0.0.1');
    for (const end of [socket, onward]) {
      sockets.add(end);
      end.on('error', () => end.destroy());
      end.on('close', () => sockets.delete(end));
    }
    socket.pipe(onward).pipe(socket);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    cut() {
      up = false;
      for (const socket of sockets) socket.destroy();
    },
    mend() {
      up = true;
    },
    close: () => new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(resolve);
    }),
  };
}

// Waits until the server has so many requests of the clerk, and never sees more.
async function arrived(count, seconds) {
  for (let second = 0; ; second += 1) {
    const { body } = await stage.call(stage.clerk, 'GET', '/leave/requests');
    assert.ok(body.items.length <= count, 'it arrives once');
    if (body.items.length === count) return;
    assert.ok(second < seconds, `nothing arrived within ${seconds} seconds`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

test('without a network the app opens with what it last knew, and sends what was asked for later', async (t) => {
  const wire = await openWire(stage.origin);
  t.after(() => wire.close());
  const { context, page } = await openPhone(browser, { origin: wire.origin, now: stage.now });
  await logIn(page, stage.clerk, stage.password);
  await started(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(async () => {
    const names = await caches.keys();
    return names.length > 0 && (await caches.match('/shell')) !== undefined;
  });
  await page.goto('/leave');
  await page.getByText('年休假剩余').waitFor();
  await page.goto('/leave/new');
  await page.getByText('休后剩余').waitFor();
  // The form stays open while the network goes; what is asked for waits, and the screen says so.
  wire.cut();
  await page.getByRole('button', { name: '提交申请' }).tap();
  await page.getByText('已存入待发').first().waitFor();
  await page.goto('/leave');
  await page.getByText('年休假剩余').waitFor();
  await page.getByText('离线内容，截至').first().waitFor();
  const before = await stage.call(stage.clerk, 'GET', '/leave/requests');
  assert.equal(before.body.items.length, 0);
  wire.mend();
  await page.reload();
  await arrived(1, 45);
  await page.reload();
  await page.getByText('审批中 1/1').first().waitFor();
  await page.waitForTimeout(3000);
  await arrived(1, 1);
  await context.close();
});

// Which of the two modules runs, and since when: a mark that a page loaded anew does not have.
const module = (page) => page.evaluate(() => document.getElementById('boot-script').dataset.glue.split(/[/.]/)[2]);
const mark = (page) => page.evaluate(() => { window.marked = true; });
const isMarked = (page) => page.evaluate(() => window.marked === true);
const kept = (page, name) => page.evaluate(async (name) => {
  const caught = await Promise.all((await caches.keys()).map(async (cache) => (await caches.open(cache)).keys()));
  return caught.flat().filter((request) => new URL(request.url).pathname.startsWith(`/assets/${name}.`)).length;
}, name);

test('a phone loads the module for desks when it opens a desk page, and says so when it cannot', async (t) => {
  const wire = await openWire(stage.origin);
  t.after(() => wire.close());
  const { context, page, troubles } = await openPhone(browser, { origin: wire.origin, now: stage.now });
  const roles = page.getByRole('link', { name: '角色授权' });
  const heading = page.getByRole('heading', { name: '角色授权' });
  const missing = page.getByText('此页面需要联网打开');
  await logIn(page, stage.admin, stage.password);
  await started(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(async () => navigator.serviceWorker.controller && (await caches.match('/shell')) !== undefined);
  assert.equal(await module(page), 'app');

  // By a link: the page comes with its module, and the way back leads to where it was opened.
  await page.locator('.tab-bar').getByRole('link', { name: '我的' }).tap();
  await roles.first().tap();
  await heading.waitFor();
  await started(page);
  assert.equal(await module(page), 'desk');
  assert.equal(new URL(page.url()).pathname, '/roles');
  await page.goBack();
  await roles.first().waitFor();
  assert.equal(new URL(page.url()).pathname, '/me');
  await page.goForward();
  await heading.waitFor();

  // The module for desks has every page: nothing is loaded anew.
  assert.equal(await module(page), 'desk');
  await mark(page);
  await page.locator('.tab-bar').getByRole('link', { name: '我的' }).tap();
  await roles.first().tap();
  await heading.waitFor();
  assert.ok(await isMarked(page));
  assert.equal(await kept(page, 'desk'), 2);

  // The server is out of reach: the phone says what is missing, once, and goes on when told to.
  await page.goto('/me');
  await started(page);
  assert.equal(await module(page), 'app');
  wire.cut();
  let loads = 0;
  page.on('framenavigated', () => { loads += 1; });
  await roles.first().tap();
  await missing.waitFor();
  await page.waitForTimeout(2000);
  assert.equal(loads, 1, 'it is not loaded again and again');
  assert.equal(await sideways(page), 0);
  wire.mend();
  await page.getByRole('button', { name: '重试' }).tap();
  await heading.waitFor();

  // The phone knows that it has no network: nothing is left, and the page comes with the network.
  await page.goto('/me');
  await started(page);
  await mark(page);
  await context.setOffline(true);
  await roles.first().tap();
  await missing.waitFor();
  assert.ok(await isMarked(page));
  await context.setOffline(false);
  await heading.waitFor();
  assert.equal(await module(page), 'desk');
  await page.goBack();
  await roles.first().waitFor();
  assert.equal(new URL(page.url()).pathname, '/me');
  assert.deepEqual(troubles, []);
  await context.close();
});

test('no page of the app can be pushed sideways on a narrow phone', async () => {
  const narrow = { viewport: { width: 320, height: 640 } };
  const waiting = await stage.call(stage.clerk, 'POST', '/leave/requests', {
    id: randomUUID(),
    leave_type: 'annual',
    from: { date: '2026-12-28', half: 'am' },
    to: { date: '2026-12-28', half: 'pm' },
    reason: '回乡探望父母',
    destination: '临江市',
  });
  const pages = {
    [stage.clerk]: ['/', '/notices', '/notices/settings', '/leave', '/leave/new', '/scan', '/training', `/classes/${stage.class}`, `/lessons/${stage.lessons[0]}`, '/me', '/me/sessions', '/me/delegations', '/me/stand-ins', '/subscriptions', '/calendar', '/leave/team', '/leave/account?type=annual', '/nowhere'],
    [stage.head]: ['/', '/notices', '/approvals', '/approvals?box=decided', `/approvals/${waiting.body.id}`],
    [stage.teacher]: [`/lessons/${stage.lessons[0]}`, `/lessons/${stage.lessons[0]}/board`, `/lessons/${stage.lessons[0]}/attendance`],
    [stage.hr]: ['/org', '/imports', '/oversights', '/vacancies', '/accounts', '/on-behalf', '/summary', '/statistics', '/unreported', '/owed-papers', '/absences', '/periods', '/work-calendar', '/work-calendar/courts', '/work-calendar/weeks'],
    [stage.admin]: ['/roles', '/channels', '/channels/deliveries', '/definitions', '/definitions/leave', '/authority', '/leave-types'],
  };
  for (const [number, paths] of Object.entries(pages)) {
    const { context, page, troubles } = await openPhone(browser, stage, narrow);
    await logIn(page, number, stage.password);
    // Leaving while the app is still being loaded would be a trouble of this test's own making.
    await started(page);
    for (const path of paths) {
      await page.goto(path);
      await started(page);
      assert.equal(await sideways(page), 0, `${path} as ${number}`);
    }
    assert.deepEqual(troubles, []);
    await context.close();
  }
  const { context, page } = await openPhone(browser, stage, narrow);
  for (const path of ['/login', '/activate']) {
    await page.goto(path);
    assert.equal(await sideways(page), 0, path);
  }
  await context.close();
});

test('a month begins on the weekday of its first day', async () => {
  const { context, page, troubles } = await openPhone(browser, stage);
  await logIn(page, stage.clerk, stage.password);
  await started(page);
  await page.goto('/calendar');
  await page.getByText('2026年11月').waitFor();
  // 1 November 2026 is a Sunday, the last column.
  const [column, first] = await Promise.all([
    page.locator('.month-head span').last().boundingBox(),
    page.locator('.month-day').first().boundingBox(),
  ]);
  assert.ok(Math.abs(column.x - first.x) < 1, `${first.x} of ${column.x}`);
  assert.deepEqual(troubles, []);
  await context.close();
});

test('on a desk the keys lead through what waits', async () => {
  const { context, page, troubles } = await openPhone(browser, stage, { viewport: DESK, isMobile: false, hasTouch: false });
  await logIn(page, stage.head, stage.password);
  for (const date of ['2026-12-29', '2026-12-30']) {
    const { status } = await stage.call('200002', 'POST', '/leave/requests', {
      id: randomUUID(),
      leave_type: 'annual',
      from: { date, half: 'am' },
      to: { date, half: 'pm' },
      reason: '回乡探望父母',
      destination: '临江市',
    });
    assert.ok(status < 300);
  }
  await page.goto('/approvals');
  await page.locator('.task').nth(1).waitFor();
  await started(page);
  const focused = () =>
    page.evaluate(() => [...document.querySelectorAll('.task')].indexOf(document.activeElement?.closest('.task') ?? null));
  for (const [key, place] of [['j', 0], ['j', 1], ['k', 0], ['j', 1]]) {
    await page.keyboard.press(key);
    assert.equal(await focused(), place, key);
  }
  const sheet = page.getByRole('dialog');
  await page.keyboard.press('a');
  await sheet.getByRole('button', { name: '确认同意' }).waitFor();
  // A letter in the sheet is a letter.
  await sheet.locator('#approval-comment').press('r');
  assert.equal(await sheet.locator('#approval-comment').inputValue(), 'r');
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'hidden' });
  await page.keyboard.press('j');
  await page.keyboard.press('r');
  await sheet.getByRole('button', { name: '确认不同意' }).waitFor();
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'hidden' });
  const place = await focused();
  if (place < 0) await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/approvals/*');
  assert.deepEqual(troubles, []);
  await context.close();
});

test('another officer on the same phone sees nothing of the first', async () => {
  const { context, page } = await openPhone(browser, stage);
  await logIn(page, stage.head, stage.password);
  await started(page);
  await page.goto('/me');
  await page.getByText('王庭长').first().waitFor();
  await page.getByText('退出登录').first().tap();
  await page.getByRole('dialog').getByRole('button', { name: '退出登录' }).tap();
  await page.waitForURL('**/login**');
  await logIn(page, stage.clerk, stage.password);
  await started(page);
  await page.goto('/me');
  await page.getByText('周书记').first().waitFor();
  assert.equal(await page.getByText('王庭长').count(), 0);
  await context.close();
});
