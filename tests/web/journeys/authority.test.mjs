// 政治部's way through the approval authority: a published rule book with its gaps named, mended, tried, put into force, and
// a leave that follows it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { DESK, PHONE, logIn, openBrowser, openPhone, sideways, started } from '../browser.mjs';
import { openStage } from '../stage.mjs';

// The director of the political department of the court above: HR of the whole province.
const HR = '100002';

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

const button = (place, name) => place.getByRole('button', { name, exact: true });

test('a rule book with gaps is mended, tried, published and followed', async () => {
  const { context, page, troubles } = await openPhone(browser, stage, {
    viewport: DESK,
    isMobile: false,
    hasTouch: false,
    deviceScaleFactor: 1,
  });
  await logIn(page, HR, stage.password);
  await started(page);
  await page.getByRole('link', { name: '审批权限' }).first().click();
  await page.getByText(/没有空档/).first().waitFor();
  const dialog = page.getByRole('dialog');

  // The rule book as it was published: its gaps are named beside the cells, and it cannot come into force.
  await button(page, '从范本开始').click();
  await button(dialog, '选用：芜湖市镜湖区人民法院（2012年）').click();
  await page.getByText('一般干警、部门副职请各种假别，1.5至2天没有人审批').waitFor();
  await page.getByText('部门负责人请各种假别，1天没有人审批').waitFor();
  await page.getByText('有 2 处问题，解决后才能发布').waitFor();
  assert.ok(await button(page, '发布').isDisabled());

  // Mended in the cells: staff up to two days, heads up to one day by the leader who oversees them.
  await page.locator('.authority-cell').nth(0).click();
  await dialog.locator('#band-2-to').fill('x');
  await button(dialog, '完成').click();
  await dialog.getByText('第 2 档的天数没有填对').waitFor();
  await dialog.locator('#band-2-to').fill('2');
  await button(dialog, '完成').click();
  await page.getByText('有 1 处问题，解决后才能发布').waitFor();
  await page.locator('.authority-cell').nth(2).click();
  await dialog.locator('#band-1-to').fill('1');
  await button(dialog, '完成').click();
  await page.getByText(/没有空档/).first().waitFor();

  // Who would decide on the clerk's two days, before anything is in force.
  await button(page, '选择干警').click();
  await page.locator('#people-search').fill('周书记');
  await dialog.getByRole('button', { name: /周书记/ }).first().click();
  await page.locator('#authority-days').fill('2');
  await button(page, '试算').click();
  const answer = page.locator('.trial-answer');
  await answer.getByText('一般干警、部门副职 · 各种假别 · 2天以内').waitFor();
  const { body: told } = await stage.call(HR, 'POST', '/leave/authority/who-decides', {
    officer: stage.clerk,
    leave_type: 'annual',
    half_days: 4,
  });
  assert.equal(told.chain.length, 2, 'what is in force still asks two');
  const overseer = told.chain[1].name;
  await answer.getByText(overseer).waitFor();

  await button(page, '保存修改稿').click();
  await page.getByText('修改稿已保存，发布后生效').waitFor();
  await button(page, '发布').click();
  await dialog.getByText(/改为：分管院领导审批/).first().waitFor();
  await button(dialog, '发布为第 1 版').click();
  await page.getByText('现行：第 1 版，由权限表生成').waitFor();
  await page.getByText('修改稿与现行规定相同').waitFor();

  // A leave of two days goes to whom the table names, and its applicant sees so.
  const { body: request } = await stage.call(stage.clerk, 'POST', '/leave/requests', {
    id: randomUUID(),
    leave_type: 'annual',
    from: { date: '2026-12-22', half: 'am' },
    to: { date: '2026-12-23', half: 'pm' },
    reason: '回乡探望父母',
    destination: '临江市',
  });
  assert.deepEqual(request.chain.map((step) => step.name), [overseer]);
  const applicant = await openPhone(browser, stage);
  await logIn(applicant.page, stage.clerk, stage.password);
  await applicant.page.goto(`/leave/${request.id}`);
  await applicant.page.getByText(overseer).first().waitFor();
  assert.deepEqual(applicant.troubles, []);
  await applicant.context.close();

  // Still readable on a phone.
  await page.setViewportSize(PHONE);
  assert.equal(await sideways(page), 0);
  await page.locator('.authority-cell').nth(0).click();
  await dialog.getByRole('heading', { name: '第 3 档' }).waitFor();
  assert.equal(await sideways(page), 0);
  assert.deepEqual(troubles, []);
  await context.close();
});
