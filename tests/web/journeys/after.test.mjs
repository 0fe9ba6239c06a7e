// Leave once it is approved: back early, longer than asked for, seen by others, on paper and in figures.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { DESK, logIn, openBrowser, openPhone, sideways, started } from '../browser.mjs';
import { openStage } from '../stage.mjs';

// 吴同事, of the clerk's department.
const COLLEAGUE = '200002';

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

async function agree(number, id) {
  const { body: inbox } = await stage.call(number, 'GET', '/approvals/inbox');
  const task = inbox.tasks.find((one) => one.subject_id === id);
  const body = { action: 'approve', comment: '', version: task.version };
  const { status } = await stage.call(number, 'POST', `/approvals/tasks/${task.id}/decide`, body);
  assert.ok(status < 300);
}

const show = async (id) => (await stage.call(stage.clerk, 'GET', `/leave/requests/${id}`)).body;
const approvers = (request) => request.chain.map((step) => step.officer);

// A day of annual leave of the clerk, approved.
async function approved(date) {
  const { body: request } = await stage.call(stage.clerk, 'POST', '/leave/requests', {
    id: randomUUID(),
    leave_type: 'annual',
    from: { date, half: 'am' },
    to: { date, half: 'pm' },
    reason: '回乡探望父母',
    destination: '临江市',
  });
  for (const number of approvers(request)) await agree(number, request.id);
  return request;
}

const taken = async () => {
  const { body } = await stage.call(stage.clerk, 'GET', '/leave/balances');
  return body.balances.find((one) => one.leave_type === 'annual').used;
};

test('who is back early reports it, whoever approved confirms it, and the rest comes back', async () => {
  const { body: seen } = await stage.call(stage.admin, 'GET', '/leave-settings');
  const settings = { ...seen, return_confirmation: 'approver' };
  const { status } = await stage.call(stage.admin, 'PUT', '/leave-settings', { seen, settings });
  assert.equal(status, 200);
  const request = await approved('2026-11-24');
  assert.equal(await taken(), 2);
  await stage.setClock('2026-11-24', '14:10');

  const officer = await phone(stage.clerk, { viewport: { width: 320, height: 640 } });
  const own = officer.page;
  await own.goto(`/leave/${request.id}`);
  await own.getByText('休假中').first().waitFor();
  await own.getByRole('button', { name: '销假' }).first().tap();
  const sheet = own.getByRole('dialog');
  assert.equal(await sheet.locator('#leave-back').inputValue(), '2026-11-24');
  await sheet.getByText('提前到岗，未休的天数按规定退回').waitFor();
  await sheet.locator('#leave-back-note').fill('民一庭办公室');
  assert.equal(await sideways(own), 0);
  await sheet.getByRole('button', { name: '销假' }).tap();
  await own.getByText('等待确认').first().waitFor();
  assert.equal(await taken(), 2, 'nothing comes back before it is confirmed');

  const leader = await phone(approvers(request).at(-1));
  const boss = leader.page;
  await boss.goto(`/leave/${request.id}`);
  await boss.getByText('民一庭办公室').waitFor();
  await boss.getByRole('button', { name: '确认销假' }).tap();
  await boss.getByText('已确认销假').waitFor();
  await boss.getByText('已销假 · 提前').first().waitFor();
  assert.equal(await boss.getByRole('button', { name: '确认销假' }).count(), 0);

  // It changes before his eyes, and his account says why.
  await own.getByText('已销假 · 提前').first().waitFor();
  assert.equal(await taken(), 1);
  await own.goto('/leave/account?type=annual');
  await own.getByText('退回0.5天').waitFor();
  await end(leader, officer);
});

test('who stays longer asks on the last day, and it is one leave in the end', async () => {
  const request = await approved('2026-11-30');
  await stage.setClock('2026-11-30', '08:40');
  const officer = await phone(stage.clerk);
  const own = officer.page;
  await own.goto(`/leave/${request.id}`);
  await own.getByRole('button', { name: '续假' }).tap();
  const sheet = own.getByRole('dialog');
  assert.equal(await sheet.locator('#extend-to').inputValue(), '2026-12-01', 'it follows the leave');
  await sheet.locator('#extend-reason').fill('车票改到次日');
  await sheet.getByText('由谁审批').waitFor();
  assert.equal(await sideways(own), 0);
  await sheet.getByRole('button', { name: '提交续假申请' }).tap();
  const isOther = (url) => /^\/leave\/[0-9a-f-]{36}$/.test(url.pathname) && !url.pathname.endsWith(request.id);
  await own.waitForURL(isOther);
  await own.getByText(`续自 ${request.number}`).waitFor();
  const id = new URL(own.url()).pathname.split('/').at(-1);

  const deciding = approvers(await show(id));
  for (const number of deciding.slice(0, -1)) await agree(number, id);
  const leader = await phone(deciding.at(-1), { viewport: { width: 320, height: 640 } });
  const boss = leader.page;
  await boss.goto(`/approvals/${id}`);
  await boss.getByText('车票改到次日').first().waitFor();
  assert.equal(await sideways(boss), 0);
  await boss.getByRole('button', { name: '同意', exact: true }).tap();
  await boss.getByRole('button', { name: '确认同意' }).tap();

  await own.getByText('已批准').first().waitFor();
  await own.goto(`/leave/${request.id}`);
  await own.getByText('已续假至 12月1日').waitFor();
  assert.equal(await taken(), 5);
  await end(leader, officer);
});

test('colleagues see who is away and no more, here and in their own calendars', async () => {
  const opened = await phone(COLLEAGUE, { viewport: { width: 320, height: 640 } });
  const { page } = opened;
  const main = page.locator('main');
  await page.goto('/leave');
  await page.getByRole('link', { name: '谁不在岗' }).tap();
  await page.getByRole('heading', { name: '今天不在岗' }).waitFor();
  await main.getByText('周书记').first().waitFor();
  assert.equal(await main.getByText('年休假').count(), 0, 'why is his own affair');
  assert.equal(await sideways(page), 0);
  await page.getByRole('link', { name: '不在岗日历' }).tap();
  const row = page.locator('.team-row', { hasText: '周书记' });
  await row.getByText('不在岗').waitFor({ state: 'attached' });
  assert.equal(await main.getByText('年休假').count(), 0);
  assert.equal(await sideways(page), 0);
  await page.getByRole('button', { name: '上一月' }).tap();
  await page.getByText('2026年10月').waitFor();
  await row.getByText('不在岗').waitFor({ state: 'detached' });

  await page.goto('/subscriptions');
  const card = page.locator('.card', { has: page.getByRole('heading', { name: '本部门不在岗' }) });
  await card.getByRole('button', { name: '生成订阅地址' }).tap();
  const address = await card.locator('.feed-address').innerText();
  assert.equal(await sideways(page), 0);
  const answer = await fetch(address);
  assert.equal(answer.status, 200);
  const calendar = await answer.text();
  assert.match(calendar, /^BEGIN:VCALENDAR/);
  assert.match(calendar, /SUMMARY:周书记 不在岗/);
  assert.doesNotMatch(calendar, /年休假|annual|回乡/);
  await card.getByRole('button', { name: '停用' }).tap();
  await page.getByText('已停用，该地址不再可用').waitFor();
  assert.equal((await fetch(address)).status, 404);
  await end(opened);

  const leader = await phone(stage.head, { viewport: DESK, isMobile: false, hasTouch: false });
  await leader.page.goto('/team');
  await leader.page.locator('.team-row', { hasText: '周书记' }).getByText('年休假').waitFor({ state: 'attached' });
  await end(leader);
});

test('the sheet is there to be printed', async () => {
  const request = await approved('2026-12-08');
  const opened = await phone(stage.clerk);
  const { context, page } = opened;
  await page.goto(`/leave/${request.id}`);
  const link = page.getByRole('link', { name: '打印审批单' });
  await link.waitFor();
  const [sheet] = await Promise.all([context.waitForEvent('page'), link.tap()]);
  await sheet.getByRole('heading', { name: '请假审批单' }).waitFor();
  for (const text of ['江州市中级人民法院', '周书记', '王庭长', request.number]) {
    await sheet.getByText(text).first().waitFor();
  }
  await sheet.emulateMedia({ media: 'print' });
  assert.ok(await sheet.getByText('请用浏览器的打印功能打印').isHidden(), 'what is for the screen stays off the paper');
  await end(opened);
});

// What is in a zip file, by name: it is read from its own directory, as a spreadsheet does.
function unzip(file) {
  const end = file.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  assert.ok(end >= 0, 'it is a zip file');
  const parts = new Map();
  let at = file.readUInt32LE(end + 16);
  for (let left = file.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, size] = [file.readUInt16LE(at + 10), file.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((offset) => file.readUInt16LE(at + offset));
    const local = file.readUInt32LE(at + 42);
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const packed = file.subarray(start, start + size);
    const content = method === 0 ? packed : inflateRawSync(packed);
    parts.set(file.subarray(at + 46, at + 46 + name).toString('utf8'), content.toString('utf8'));
    at += 46 + name + extra + comment;
  }
  return parts;
}

test('政治部 takes the month out of the house as a workbook, and looks at the year', async () => {
  const opened = await phone(stage.hr, { viewport: DESK, isMobile: false, hasTouch: false });
  const { page } = opened;
  await page.goto('/summary');
  await page.getByRole('cell', { name: '周书记' }).first().waitFor();
  for (const name of ['导出 Excel', '导出当月请假记录']) {
    const button = page.getByRole('button', { name });
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
    assert.match(download.suggestedFilename(), /\.xlsx$/);
    const parts = unzip(readFileSync(await download.path()));
    assert.ok(parts.has('[Content_Types].xml') && parts.has('xl/workbook.xml'), [...parts.keys()].join(' '));
    const text = [...parts].filter(([part]) => part.startsWith('xl/')).map(([, content]) => content).join('');
    assert.ok(text.includes('周书记'), `${name} names him`);
  }

  await page.goto('/statistics');
  await page.getByRole('heading', { name: '请假统计' }).waitFor();
  await page.getByRole('heading', { name: '各假别天数' }).waitFor();
  await page.getByText('年休假', { exact: true }).first().waitFor();
  await page.getByText('民事审判第一庭').first().waitFor();
  assert.equal(await sideways(page), 0);
  await page.getByRole('button', { name: '上一年' }).click();
  await page.getByText('这一年还没有请假记录').waitFor();
  await end(opened);
});
