// Leave after its approval: taken back by who approved it, before the eyes of whose it is.
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

test('an approver takes back what has not begun, and the officer reads why', async () => {
  const { body: request } = await stage.call(stage.clerk, 'POST', '/leave/requests', {
    id: randomUUID(),
    leave_type: 'annual',
    from: { date: '2026-12-21', half: 'am' },
    to: { date: '2026-12-21', half: 'pm' },
    reason: '回乡探望父母',
    destination: '临江市',
  });
  const balance = async () => {
    const { body } = await stage.call(stage.clerk, 'GET', '/leave/balances');
    return body.balances.find((one) => one.leave_type === 'annual').available;
  };
  const held = await balance();
  const { body: inbox } = await stage.call(stage.head, 'GET', '/approvals/inbox');
  const [task] = inbox.tasks;
  await stage.call(stage.head, 'POST', `/approvals/tasks/${task.id}/decide`, { action: 'approve', comment: '', version: task.version });

  const applicant = await phone(stage.clerk);
  await applicant.page.goto(`/leave/${request.id}`);
  await applicant.page.getByText('已批准').first().waitFor();

  const approver = await phone(stage.head, { viewport: { width: 320, height: 640 } });
  const boss = approver.page;
  await boss.goto(`/approvals/${request.id}`);
  await boss.getByRole('button', { name: '撤销这份请假' }).tap();
  const sheet = boss.getByRole('dialog');
  const confirm = sheet.getByRole('button', { name: '撤销', exact: true });
  await confirm.waitFor();
  assert.ok(await confirm.isDisabled(), 'a reason is asked for');
  await sheet.locator('#cancel-reason').fill('当日有紧急庭审');
  assert.equal(await sideways(boss), 0);
  await confirm.tap();
  await boss.getByText('已撤销，天数已退回').waitFor();
  await boss.getByText('当日有紧急庭审').waitFor();
  assert.equal(await boss.getByRole('button', { name: '撤销这份请假' }).count(), 0);

  // It changes before his eyes, and says why.
  await applicant.page.getByText('当日有紧急庭审').waitFor();
  assert.equal(await balance(), held + 2);
  for (const { troubles, context } of [approver, applicant]) {
    assert.deepEqual(troubles, []);
    await context.close();
  }
});

test('a leader records that somebody is not back, who then reports, and the list of 政治部 is empty again', async () => {
  const { body: request } = await stage.call(stage.clerk, 'POST', '/leave/requests', {
    id: randomUUID(),
    leave_type: 'annual',
    from: { date: '2026-12-24', half: 'am' },
    to: { date: '2026-12-24', half: 'pm' },
    reason: '回乡探望父母',
    destination: '临江市',
  });
  const { body: inbox } = await stage.call(stage.head, 'GET', '/approvals/inbox');
  const task = inbox.tasks.find((one) => one.subject_id === request.id);
  await stage.call(stage.head, 'POST', `/approvals/tasks/${task.id}/decide`, { action: 'approve', comment: '', version: task.version });
  await stage.setClock('2026-12-29', '08:40');

  const leader = await phone(stage.head);
  const boss = leader.page;
  await boss.goto(`/leave/${request.id}`);
  await boss.getByText('是否已返岗？').waitFor();
  await boss.getByRole('button', { name: '记录未归' }).tap();
  const sheet = boss.getByRole('dialog');
  await sheet.getByRole('radio', { name: '联系不上' }).tap();
  const send = sheet.getByRole('button', { name: '记录未归' });
  assert.ok(await send.isDisabled(), 'what was done to reach him is asked for');
  await sheet.locator('#deed-note').fill('两次电话未接');
  assert.equal(await sideways(boss), 0);
  await send.tap();
  await boss.getByRole('button', { name: '解除记录' }).waitFor();

  const desk = await phone(stage.hr, { viewport: { width: 1280, height: 800 } });
  await desk.page.goto('/absences');
  await desk.page.getByText('连续超过 15 天或全年超过 30 天').waitFor();
  await desk.page.getByRole('cell', { name: /周书记/ }).waitFor();

  const officer = await phone(stage.clerk);
  const own = officer.page;
  await own.goto('/notices');
  await own.getByText('更新了').first().tap();
  await own.getByText('两次电话未接').waitFor();
  assert.equal(await own.getByText('全年超过').count(), 0, 'the limit is not for him');
  assert.equal(await sideways(own), 0);
  await own.getByRole('button', { name: '销假' }).first().tap();
  const back = own.getByRole('dialog');
  await back.locator('#leave-back').fill('2026-12-29');
  await back.getByRole('button', { name: '销假' }).tap();
  await own.getByText('没有生效的未归记录').waitFor();

  await desk.page.goto('/absences');
  await desk.page.getByText('没有未归记录').waitFor();
  for (const { troubles, context } of [leader, desk, officer]) {
    assert.deepEqual(troubles, []);
    await context.close();
  }
});

test('an officer reports a weekend out of town, and his leader sees where he is to be reached', async () => {
  const officer = await phone(stage.clerk);
  const own = officer.page;
  await own.goto('/leave');
  await own.getByRole('link', { name: '外出报备' }).tap();
  assert.equal(await own.locator('#leave-type-more').inputValue(), 'leaving_town');
  const proposed = await own.locator('#leave-from').inputValue();
  assert.equal(new Date(proposed).getUTCDay(), 6, `it is for weekends, and ${proposed} is none`);
  const until = await own.locator('#leave-to').inputValue();
  assert.equal(new Date(until).getUTCDay(), 0, `to the end of the weekend, and not ${until}`);
  await own.locator('#leave-from').fill('2027-01-09');
  await own.locator('#leave-to').fill('2027-01-10');
  await own.locator('#leave-reason').fill('周末探望父母');
  await own.locator('#leave-destination').fill('临江市');
  const send = own.getByRole('button', { name: '提交' }).last();
  // How to reach him is what a report is for.
  assert.ok(await send.isDisabled(), 'the phone number is asked for');
  await own.locator('#leave-contact').fill('13800000001');
  assert.equal(await sideways(own), 0);
  await send.tap();
  await own.waitForURL((url) => /^\/leave\/[0-9a-f-]{36}$/.test(url.pathname));
  await own.getByText('外出报备').first().waitFor();
  const id = new URL(own.url()).pathname.split('/').at(-1);
  const { body: request } = await stage.call(stage.clerk, 'GET', `/leave/requests/${id}`);
  assert.deepEqual([request.lane, request.half_days], ['report', 0]);
  assert.match(request.number, /^报/);

  const leader = await phone(stage.head, { viewport: { width: 320, height: 640 } });
  const boss = leader.page;
  await boss.goto(`/approvals/${id}`);
  await boss.getByText('13800000001').first().waitFor();
  await boss.getByText('临江市').first().waitFor();
  assert.equal(await sideways(boss), 0);
  await boss.getByRole('button', { name: '同意', exact: true }).tap();
  await boss.getByRole('button', { name: '确认同意' }).tap();
  await own.getByText('已批准').first().waitFor();
  for (const { troubles, context } of [leader, officer]) {
    assert.deepEqual(troubles, []);
    await context.close();
  }
});

// Leave dates have no zone: whoever opens the app abroad sees the days that the court sees.
test('a phone abroad shows the same days as one in China', async () => {
  const { status, body: request } = await stage.call(stage.clerk, 'POST', '/leave/requests', {
    id: randomUUID(),
    leave_type: 'annual',
    from: { date: '2026-12-31', half: 'am' },
    to: { date: '2026-12-31', half: 'pm' },
    reason: '出国探亲',
    destination: '境外',
  });
  assert.ok(status < 300);
  const look = async (timezoneId) => {
    const abroad = await phone(stage.clerk, { timezoneId });
    const { page } = abroad;
    await page.goto('/leave');
    const listed = await page.locator(`main a.cell[href="/leave/${request.id}"] .cell-note`).first().innerText();
    await page.goto(`/leave/${request.id}`);
    const shown = await page.locator('main dl.facts dd').first().innerText();
    await page.goto('/leave/new');
    const proposed = [await page.locator('#leave-from').inputValue(), await page.locator('#leave-to').inputValue()];
    const today = await page.evaluate(() => new Date().toDateString());
    assert.deepEqual(abroad.troubles, []);
    await abroad.context.close();
    return { today, days: { listed, shown, proposed } };
  };
  // East of the date line it is tomorrow when it is evening in China, in Hawaii yesterday when it is morning.
  const moments = [
    { day: '2026-12-29', time: '20:40', zone: 'Pacific/Apia', proposed: '2026-12-30' },
    { day: '2026-12-30', time: '08:40', zone: 'Pacific/Honolulu', proposed: '2026-12-31' },
  ];
  for (const { day, time, zone, proposed } of moments) {
    await stage.setClock(day, time);
    const home = await look('Asia/Shanghai');
    const abroad = await look(zone);
    assert.notEqual(abroad.today, home.today, `the clock of the phone in ${zone} has another date`);
    assert.deepEqual(abroad.days, home.days, zone);
    assert.match(home.days.listed, /12月31日/);
    assert.match(home.days.shown, /12月31日/);
    assert.deepEqual(home.days.proposed, [proposed, proposed]);
  }
});
