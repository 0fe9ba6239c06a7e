// What explains a balance: the officer opens its statement and looks ahead, HR gives 补休 and the officer reads why, and
// says that a year's absences cost nothing.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { logIn, openBrowser, openPhone, sideways, started } from '../browser.mjs';
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

async function phone(number, options) {
  const opened = await openPhone(browser, stage, options);
  await logIn(opened.page, number, stage.password);
  await started(opened.page);
  return opened;
}

async function end(...phones) {
  for (const { troubles, context } of phones) {
    assert.deepEqual(troubles, []);
    await context.close();
  }
}

const days = (halfDays) => `${halfDays / 2} 天`;

test('an officer opens the statement of a balance and looks ahead', async () => {
  const { status } = await stage.call(stage.clerk, 'POST', '/leave/requests', {
    id: randomUUID(),
    leave_type: 'annual',
    from: { date: '2026-12-21', half: 'am' },
    to: { date: '2026-12-21', half: 'pm' },
    reason: '回乡探望父母',
    destination: '临江市',
  });
  assert.ok(status < 300);
  const { body } = await stage.call(stage.clerk, 'GET', '/leave/balances');
  const { available } = body.balances.find((one) => one.leave_type === 'annual');
  const { body: ahead } = await stage.call(stage.clerk, 'GET', '/leave/balances?on=2027-03-31');
  const later = ahead.balances.find((one) => one.leave_type === 'annual').available;
  assert.notEqual(later, available, 'the new year gives something else');

  const officer = await phone(stage.clerk, { viewport: { width: 320, height: 640 } });
  const { page } = officer;
  await page.goto('/leave');
  await page.getByRole('link', { name: '年休假剩余' }).tap();
  await page.getByRole('heading', { name: '年休假明细' }).waitFor();
  const address = new URL(page.url());
  assert.equal(address.pathname, '/leave/account');
  assert.equal(address.searchParams.get('type'), 'annual');
  await page.getByText(`今天可用 ${days(available)}。`).waitFor();
  await page.getByText('12月31日 周四 到期').waitFor();
  await page.getByText('暂扣1天').waitFor();
  assert.equal(await sideways(page), 0);

  // Large type, in the dark: nothing is pushed off the edge.
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.evaluate(() => { document.documentElement.dataset.type = 'large'; });
  assert.equal(await sideways(page), 0);

  await page.locator('#account-on').fill('2027-03-31');
  await page.getByText('推算：到 2027年3月31日').waitFor();
  await page.getByText(`可用 ${days(later)}。`).waitFor();
  await page.locator('#account-on').fill('2026-11-01');
  await page.getByText('请选择今天或以后的日期').waitFor();
  assert.equal(await page.getByText('推算：').count(), 0, 'no figure stands under a day that it is not of');
  await page.locator('#account-on').fill('2026-11-23');
  await page.getByText('今天可用').waitFor();

  await page.getByRole('button', { name: '上一年' }).tap();
  await page.getByText('2025年没有记录').waitFor();
  await page.getByRole('button', { name: '下一年' }).tap();
  await page.getByRole('link', { name: '暂扣1天' }).tap();
  await page.waitForURL((url) => /^\/leave\/[0-9a-f-]{36}$/.test(url.pathname));
  await page.goBack();
  await page.getByRole('heading', { name: '年休假明细' }).waitFor();
  await page.goBack();
  await page.getByRole('link', { name: '申请请假' }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/leave');
  await end(officer);
});

test('HR gives 补休 after looking at it once more, and the officer reads why', async () => {
  const desk = await phone(stage.hr, { viewport: { width: 320, height: 640 } });
  const { page } = desk;
  await page.goto('/accounts');
  await page.locator('#people-search').fill('周书记');
  await page.getByRole('button', { name: '周书记' }).first().tap();
  await page.waitForURL((url) => url.searchParams.get('officer') === stage.clerk);
  await page.getByRole('heading', { name: '假期余额', exact: true }).waitFor();
  assert.equal(await sideways(page), 0);
  assert.equal(await page.locator('#grant-type').inputValue(), 'compensatory');
  const check = page.getByRole('button', { name: '核对', exact: true });
  const sheet = page.getByRole('dialog');
  const confirm = sheet.getByRole('button', { name: '确认登记' });

  // What is missing is said at its field, and nothing is asked of the server.
  await page.locator('#grant-days').fill('1.3');
  await check.tap();
  await page.getByText('请填写天数').waitFor();
  await page.locator('#grant-days').fill('1.5');
  await check.tap();
  await page.getByText('请填写原因').waitFor();
  await page.locator('#grant-reason').fill('国庆节值班');
  await check.tap();
  await sheet.getByText('增加 1.5 天').waitFor();
  await sheet.getByText('国庆节值班').waitFor();
  assert.equal(await sideways(page), 0);
  await confirm.dblclick();
  await page.getByText('已登记，本人可在明细里看到').waitFor();
  const { body: given } = await stage.call(stage.clerk, 'GET', '/leave/statement?leave_type=compensatory');
  assert.deepEqual(given.lines.map((line) => line.half_days), [3], 'a second tap gives nothing more');
  assert.equal(await page.locator('#grant-days').inputValue(), '', 'the form is ready for the next entry');

  // More than there is cannot be taken back: the server's sentence stands at the field.
  await page.locator('#grant-type').selectOption('annual');
  await page.getByRole('radio', { name: '扣减' }).tap();
  await page.locator('#grant-days').fill('30');
  await page.locator('#grant-reason').fill('更正');
  await check.tap();
  await sheet.getByText('扣减 30 天').waitFor();
  await confirm.tap();
  await page.locator('.field-error', { hasText: '可以调减' }).waitFor();
  assert.equal(await page.locator('#grant-days').inputValue(), '30', 'what was filled in stays');

  // The statement that he reads himself.
  await page.locator('main').getByRole('link', { name: '补休' }).tap();
  await page.getByRole('heading', { name: '补休明细' }).waitFor();
  await page.getByText('登记补休1.5天').waitFor();
  assert.equal(await sideways(page), 0);
  await page.goBack();
  await page.locator('#grant-type').waitFor();

  // What was filled in for him is still there after the look; another officer begins anew.
  const filled = () => Promise.all(['type', 'days', 'reason'].map((name) => page.locator(`#grant-${name}`).inputValue()));
  assert.deepEqual(await filled(), ['annual', '30', '更正']);
  assert.ok(await page.getByRole('radio', { name: '扣减' }).isChecked());
  await page.getByRole('button', { name: '换人' }).tap();
  await page.locator('#people-search').fill('郑副庭');
  await page.getByRole('button', { name: '郑副庭' }).first().tap();
  await page.getByRole('heading', { name: '假期余额', exact: true }).waitFor();
  assert.deepEqual(await filled(), ['compensatory', '', '']);

  const officer = await phone(stage.clerk);
  const own = officer.page;
  await own.goto('/leave');
  await own.getByRole('link', { name: '补休剩余' }).tap();
  await own.getByText('今天可用 1.5 天。').waitFor();
  await own.getByText('国庆节值班').waitFor();
  assert.equal(await own.getByText('更正').count(), 0, 'what was refused has left nothing');
  await end(desk, officer);
});

async function agree(number, id) {
  const { body: inbox } = await stage.call(number, 'GET', '/approvals/inbox');
  const task = inbox.tasks.find((one) => one.subject_id === id);
  const body = { action: 'approve', comment: '', version: task.version };
  const { status } = await stage.call(number, 'POST', `/approvals/tasks/${task.id}/decide`, body);
  assert.ok(status < 300);
}

test('twenty days of 事假 cost the annual leave of the year until HR exempts them', async () => {
  const { body: away } = await stage.call(stage.clerk, 'POST', '/leave/requests', {
    id: randomUUID(),
    leave_type: 'personal',
    from: { date: '2026-11-23', half: 'am' },
    to: { date: '2026-12-18', half: 'pm' },
    reason: '照料家人',
    destination: '临江市',
  });
  assert.equal(away.half_days, 40);
  for (const { officer } of away.chain) await agree(officer, away.id);

  const officer = await phone(stage.clerk, { viewport: { width: 320, height: 640 } });
  await officer.page.goto('/leave');
  const tile = officer.page.getByRole('link', { name: '年休假剩余' });
  await tile.filter({ hasText: '本年不享受' }).tap();
  const why = officer.page.locator('.callout', { hasText: '2026年累计事假已达20天' });
  await why.waitFor();
  assert.equal(await sideways(officer.page), 0);

  const desk = await phone(stage.hr, { viewport: { width: 320, height: 640 } });
  const { page } = desk;
  await page.goto(`/accounts?officer=${stage.clerk}`);
  const lost = page.locator('.card', { hasText: '不享受的年度' });
  await lost.getByText('2026年累计事假已达20天').waitFor();
  assert.equal(await sideways(page), 0);
  await lost.getByRole('button', { name: '登记免除' }).tap();
  const sheet = page.getByRole('dialog', { name: '免除2026年的事假、病假' });
  const confirm = sheet.getByRole('button', { name: '确认登记' });
  await confirm.tap();
  await sheet.getByText('请填写原因和依据').waitFor();
  await sheet.locator('#exempt-reason').fill('事假期间已扣发工资');
  await confirm.dblclick();
  await page.getByText('已登记免除，余额已更新').waitFor();
  await lost.getByText('事假期间已扣发工资').waitFor();
  await lost.getByRole('button', { name: '取消免除' }).waitFor();
  const { body } = await stage.call(stage.hr, 'GET', `/leave/lost-years?officer=${stage.clerk}`);
  assert.deepEqual(body.exemptions.map((said) => said.version), [1], 'a second tap says nothing more');

  await officer.page.reload();
  await officer.page.getByText('今天可用').waitFor();
  assert.equal(await why.count(), 0);
  await end(desk, officer);
});
