// One officer's way through the product: leave, approval in a second context, a real QR picture, sign-in, rating,
// receipt, result.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { DESK, logIn, openBrowser, openPhone, sideways, started } from '../browser.mjs';
import { openStage } from '../stage.mjs';

let stage;
let browser;
const open = [];

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
  open.push(opened);
  await logIn(opened.page, number, stage.password);
  await started(opened.page);
  return opened.page;
}

const scores = { content: 5, method: 4, relevance: 5, organisation: 3 };

test('an officer asks for leave, is approved, signs in by a photo of the board, rates and sees the result', async () => {
  const [lesson] = stage.lessons;
  const officer = await phone(stage.clerk);

  // A day of annual leave, in at most four taps from home.
  let taps = 0;
  const tap = async (locator) => {
    taps += 1;
    await locator.tap();
  };
  await tap(officer.locator('.tab-bar').getByRole('link', { name: '请假' }));
  await tap(officer.getByRole('link', { name: '申请请假' }));
  await officer.getByText('休后剩余 9 天').waitFor();
  await tap(officer.getByRole('button', { name: '提交申请' }));
  await officer.getByText('审批中 1/1').first().waitFor();
  assert.ok(taps <= 4, `${taps} taps for a day of annual leave`);
  assert.equal(await sideways(officer), 0);

  // The boss approves in a second context.
  const boss = await phone(stage.head);
  await boss.goto('/approvals');
  await boss.getByRole('button', { name: '同意', exact: true }).tap();
  await boss.getByRole('button', { name: '确认同意' }).tap();
  await boss.getByText('没有待审批的事项').waitFor();
  await officer.goto('/leave');
  await officer.getByText('已批准').first().waitFor();

  // The class teacher shows the board on a projector; the officer photographs it.
  const teacher = await phone(stage.teacher, { viewport: DESK, isMobile: false, hasTouch: false });
  await teacher.goto(`/lessons/${lesson}/board`);
  const code = teacher.locator('.qr-code');
  await code.locator('svg').waitFor();
  await officer.goto('/scan');
  await officer.getByText('无法使用相机').waitFor();
  const picture = await code.screenshot();
  await officer.locator('input[type=file]').setInputFiles({ name: 'board.png', mimeType: 'image/png', buffer: picture });
  await officer.getByText('签到成功').waitFor();
  await teacher.locator('.board-signed strong', { hasText: '1' }).waitFor();

  // Four more sign in over HTTP with the code of the moment.
  for (const number of stage.trainees.slice(0, 4)) {
    const board = await stage.board(lesson);
    const answer = await stage.call(number, 'POST', '/attendance/sign-ins', { lesson, code: board.code, nonce: randomUUID() });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
  }
  await teacher.locator('.board-signed strong', { hasText: '5' }).waitFor();

  // After the lesson everybody rates; the officer sees his receipt.
  await stage.setClock(stage.day, '10:31', ...open.map((phone) => phone.context));
  await officer.goto(`/lessons/${lesson}/rate`);
  for (const [dimension, score] of [['教学内容', 5], ['教学方法', 4], ['联系实际', 5], ['组织服务', 3]]) {
    await officer.getByRole('radio', { name: `${dimension}：${score} 分` }).tap();
  }
  await officer.locator('#rating-text').fill('案例贴近审判实际，建议多留时间讨论。');
  await officer.getByRole('button', { name: '提交评价' }).tap();
  await officer.getByText('评价已收到').waitFor();
  for (const number of stage.trainees.slice(0, 4)) {
    const answer = await stage.call(number, 'POST', `/lessons/${lesson}/ratings`, { id: randomUUID(), scores, text: '' });
    assert.equal(answer.status, 204, JSON.stringify(answer.body));
  }

  // The class teacher closes the window; both see the result.
  await teacher.goto(`/lessons/${lesson}`);
  await teacher.getByRole('button', { name: '结束评课' }).first().click();
  await teacher.getByRole('dialog').getByRole('button', { name: '结束评课' }).click();
  await teacher.getByText('评课已结束').first().waitFor();
  for (const page of [teacher, officer]) {
    await page.goto(`/lessons/${lesson}/results`);
    await page.getByText('5 人评课，5 人签到').waitFor();
    await page.getByText('平均 4.00 分').waitFor();
  }
  await teacher.getByText('案例贴近审判实际').waitFor();
  assert.equal(await officer.getByText('案例贴近审判实际').count(), 0, 'the texts are for the class staff');

  // The leave is over: the officer reports back.
  await stage.setClock('2026-11-25', '08:45', ...open.map((phone) => phone.context));
  await officer.goto('/leave');
  await officer.getByText('待销假').first().tap();
  await officer.getByRole('button', { name: '销假' }).first().tap();
  await officer.getByRole('dialog').getByRole('button', { name: '销假' }).tap();
  await officer.getByText('已销假').first().waitFor();

  for (const { troubles, context } of open) {
    assert.deepEqual(troubles, []);
    await context.close();
  }
});
