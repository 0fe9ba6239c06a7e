// A half-filled request is there on the officer's other phone, and is one request in the end; HR asks for an officer.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
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

const drafts = async () => (await stage.call(stage.clerk, 'GET', '/leave/drafts')).body.items;

test('what is filled in half on one phone is gone on with on another, and submitted once', async () => {
  const first = await phone(stage.clerk);
  const one = first.page;
  await one.goto('/leave/new');
  await one.locator('#leave-from').waitFor();
  assert.equal(await one.getByText('草稿已保存').count(), 0, 'nothing is typed, nothing is kept');
  await one.locator('#leave-from').fill('2026-12-10');
  await one.locator('#leave-reason').fill('回乡探望父母');
  await one.getByText('草稿已保存').waitFor();
  assert.equal(await sideways(one), 0);
  // What was typed last is sent when the page is left, before it has settled.
  await one.locator('#leave-destination').fill('临江市');
  await one.getByRole('link', { name: '返回' }).tap();
  await one.getByText('草稿', { exact: true }).first().waitFor();
  assert.equal(await sideways(one), 0);

  const second = await phone(stage.clerk, { viewport: { width: 320, height: 640 } });
  const other = second.page;
  await other.goto('/leave/new');
  await other.getByRole('button', { name: '继续填写' }).tap();
  await other.waitForFunction(() => document.querySelector('#leave-reason')?.value === '回乡探望父母');
  assert.equal(await other.locator('#leave-from').inputValue(), '2026-12-10');
  assert.equal(await other.locator('#leave-destination').inputValue(), '临江市');
  assert.equal(await sideways(other), 0);

  // The first phone goes on too: the slower one is asked which to keep.
  const [draft] = await drafts();
  await one.goto(`/leave/new?draft=${draft.id}`);
  await one.waitForFunction(() => document.querySelector('#leave-reason')?.value === '回乡探望父母');
  await one.locator('#leave-contact').fill('13800000001');
  await one.getByText('草稿已保存').waitFor();
  while ((await drafts())[0].version === draft.version) await one.waitForTimeout(100);
  await other.locator('#leave-reason').fill('陪父母就医');
  await other.getByText('请选择保留哪一份').waitFor();
  assert.equal(await sideways(other), 0);
  await other.getByRole('button', { name: '用本机的' }).tap();
  await other.getByText('草稿已保存').waitFor();

  await other.getByRole('button', { name: '提交申请' }).tap();
  await other.waitForURL((url) => /^\/leave\/[0-9a-f-]{36}$/.test(url.pathname));
  await other.getByText('陪父母就医').first().waitFor();
  assert.deepEqual(await drafts(), []);
  const { body: list } = await stage.call(stage.clerk, 'GET', '/leave/requests');
  assert.equal(list.items.length, 1);
  assert.equal(list.items[0].id, draft.id, 'the request has the id of the draft');
  await end(first, second);
});

test('a new request is filled in like the last one, and submits nothing by itself', async () => {
  const opened = await phone(stage.clerk);
  const { page } = opened;
  await page.goto('/leave/new');
  await page.getByRole('button', { name: '照上次填写' }).tap();
  await page.waitForFunction(() => document.querySelector('#leave-reason')?.value === '陪父母就医');
  // The last one was on a Thursday that is still asked for: the next Thursday it is.
  assert.equal(await page.locator('#leave-from').inputValue(), '2026-12-17');
  assert.equal(await page.locator('#leave-to').inputValue(), '2026-12-17');
  const { body: list } = await stage.call(stage.clerk, 'GET', '/leave/requests');
  assert.equal(list.items.length, 1);
  await page.getByText('草稿已保存').waitFor();
  await page.getByRole('button', { name: '放弃草稿' }).tap();
  await page.waitForURL((url) => url.pathname === '/leave');
  assert.deepEqual(await drafts(), []);
  await end(opened);
});

test('what is typed last stays with its own draft, and a discard that fails throws nothing away', async () => {
  const seeded = { leave_type: 'personal', from_date: '2026-12-22', from_half: 'am', to_date: '2026-12-22', to_half: 'pm', reason: '搬家' };
  const other = randomUUID();
  await stage.call(stage.clerk, 'PUT', `/leave/drafts/${other}`, { version: 0, content: seeded });
  const opened = await phone(stage.clerk);
  const { page } = opened;
  await page.goto('/leave/new');
  await page.locator('#leave-reason').fill('看望长辈');
  await page.getByText('草稿已保存').waitFor();

  // A save is on its way when more is typed and the other draft is opened.
  let release;
  const held = new Promise((resolve) => (release = resolve));
  let sent = 0;
  await page.route(/leave\/drafts\//, async (route) => {
    if (route.request().method() === 'PUT' && ++sent === 1) await held;
    await route.continue();
  });
  await page.locator('#leave-destination').fill('临江市');
  while (sent === 0) await page.waitForTimeout(50);
  await page.locator('#leave-contact').fill('13800000001');
  await page.getByRole('button', { name: '继续填写' }).tap();
  await page.waitForFunction(() => document.querySelector('#leave-reason')?.value === '搬家');
  release();
  const first = async () => (await drafts()).find((draft) => draft.id !== other);
  while ((await first()).content.contact !== '13800000001') await page.waitForTimeout(50);
  assert.equal((await first()).content.reason, '看望长辈');
  assert.equal(await page.locator('#leave-reason').inputValue(), '搬家', 'the form shows the other one');

  // The server is away for a moment: the draft stays, and so does what is typed after it.
  await page.unroute(/leave\/drafts\//);
  await page.route(/leave\/drafts\//, (route) => (route.request().method() === 'DELETE' ? route.abort() : route.continue()));
  await page.getByRole('button', { name: '放弃草稿' }).tap();
  await page.getByText('请检查网络后重试。', { exact: true }).waitFor();
  await page.locator('#leave-reason').fill('搬家，改到下午');
  await page.getByText('草稿已保存').waitFor();
  const kept = async () => (await drafts()).find((draft) => draft.id === other)?.content.reason;
  while ((await kept()) !== '搬家，改到下午') await page.waitForTimeout(50);
  await page.unroute(/leave\/drafts\//);
  await page.getByRole('button', { name: '放弃草稿' }).tap();
  await page.waitForURL((url) => url.pathname === '/leave');
  assert.deepEqual((await drafts()).map((draft) => draft.content.reason), ['看望长辈']);
  await stage.call(stage.clerk, 'DELETE', `/leave/drafts/${(await first()).id}`);
  await end(opened);
});

test('HR asks for an officer, who is told and takes it back', async () => {
  const desk = await phone(stage.hr, { viewport: DESK });
  const hr = desk.page;
  await hr.goto('/on-behalf');
  await hr.locator('#people-search').fill('周书记');
  await hr.getByRole('button', { name: /周书记/ }).click();
  await hr.getByText(/代 周书记/).waitFor();
  await hr.locator('#leave-from').fill('2026-12-21');
  await hr.locator('#leave-reason').fill('突发疾病，家属来电');
  await hr.getByText('王庭长').first().waitFor();
  await hr.getByRole('button', { name: '提交申请' }).click();
  await hr.getByText('我代提交的申请').waitFor();
  await hr.getByText(/周书记/).first().waitFor();
  assert.equal(await sideways(hr), 0);

  const boss = await phone(stage.head);
  await boss.page.goto('/approvals');
  await boss.page.getByText('卫人事').first().waitFor();

  const officer = await phone(stage.clerk, { viewport: { width: 320, height: 640 } });
  const own = officer.page;
  await own.goto('/notices');
  await own.getByText(/卫人事 代您提交了申请/).tap();
  await own.getByText('突发疾病，家属来电').first().waitFor();
  await own.getByText('代提交人').first().waitFor();
  assert.equal(await sideways(own), 0);
  await own.getByRole('button', { name: '撤回' }).first().tap();
  await own.getByRole('dialog').getByRole('button', { name: '撤回申请' }).tap();
  await own.getByText('已撤回').first().waitFor();
  await hr.goto('/on-behalf');
  await hr.getByText('已撤回').first().waitFor();
  await end(desk, boss, officer);
});
