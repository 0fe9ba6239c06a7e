// Notices: told live, opened by a tap, read by being looked at; settings that stay; a channel that reaches a program.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { DESK, logIn, openBrowser, openPhone, sideways, started } from '../browser.mjs';
import { openStage } from '../stage.mjs';

const ADMIN = '200012';

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

const submit = (number, day) =>
  stage.call(number, 'POST', '/leave/requests', {
    id: randomUUID(),
    leave_type: 'annual',
    from: { date: day, half: 'am' },
    to: { date: day, half: 'pm' },
    reason: '回乡探望父母',
    destination: '临江市',
  });

// The count on the bell of a page without a way back; 0 when there is none.
const told = async (page, count) => {
  const badge = page.locator('.top-bar .bell .count');
  if (count === 0) return badge.waitFor({ state: 'detached' });
  return page.locator('.top-bar .bell .count', { hasText: new RegExp(`^${count}$`) }).waitFor();
};

test('a notice appears without a reload, leads to the decision, and is read by being looked at', async () => {
  const approver = await phone(stage.head);
  const boss = approver.page;
  await told(boss, 0);
  await boss.evaluate(() => (window.unreloaded = true));

  const applicant = await phone(stage.clerk);
  const officer = applicant.page;
  await officer.goto('/leave/new');
  await officer.getByText('休后剩余').waitFor();
  await officer.getByRole('button', { name: '提交申请' }).tap();
  await officer.getByText('审批中 1/1').first().waitFor();

  // The badge, the message and the list of what waits, all by themselves.
  await told(boss, 1);
  await boss.locator('.toasts').getByText('周书记 提交的').waitFor();
  await boss.locator('main').getByText('周书记').first().waitFor();
  await boss.locator('.tab-bar .count', { hasText: '1' }).waitFor();

  // From the list to the request: the link decides nothing, the page asks.
  await boss.locator('.bell').tap();
  await boss.getByText('1 条未读').waitFor();
  assert.equal(await sideways(boss), 0);
  await boss.locator('.notice-unread').tap();
  await boss.waitForURL('**/approvals/*');
  const sheet = boss.getByRole('dialog');
  await sheet.getByText('周书记 ·').waitFor();
  await sheet.getByText(/^余额 /).waitFor();
  assert.ok(!boss.url().includes('?'), 'coming back only shows the page');
  const request = boss.url().split('/').at(-1);
  const before = await stage.call(stage.clerk, 'GET', `/leave/requests/${request}`);
  assert.equal(before.body.status, 'in_approval', 'a link decides nothing');
  // The second tap since the notice.
  await sheet.getByRole('button', { name: '确认同意' }).tap();

  // The applicant looks at his request: it is decided before his eyes, and there is nothing left to read.
  await officer.getByText('已批准').first().waitFor();
  await officer.locator('.tab-bar').getByRole('link', { name: '我的' }).tap();
  await told(officer, 0);
  const list = await stage.call(stage.clerk, 'GET', '/notices');
  assert.deepEqual(list.body.items.map((notice) => [notice.kind, notice.read]), [['decided', true]]);

  await boss.locator('.tab-bar').getByRole('link', { name: '待办' }).tap();
  await told(boss, 0);
  assert.ok(await boss.evaluate(() => window.unreloaded), 'the page was never loaded again');
  for (const { troubles, context } of [approver, applicant]) {
    assert.deepEqual(troubles, []);
    await context.close();
  }
});

const inbox = async () => (await stage.call(stage.head, 'GET', '/approvals/inbox')).body.tasks;

const decide = (task, action, comment = '') =>
  stage.call(stage.head, 'POST', `/approvals/tasks/${task.id}/decide`, { action, comment, version: task.version });

test('the page that a notice opens brings no sheet up where there is nothing left to decide, or one is open', async () => {
  const { body: first } = await submit(stage.clerk, '2026-12-21');
  const [task] = (await inbox()).filter((task) => task.subject_id === first.id);
  assert.equal((await decide(task, 'refuse', '当日有庭审')).status, 200);
  const { context, page, troubles } = await openPhone(browser, stage);
  // Without the worker, as in some in-app browsers, the test can hold an answer back.
  await context.addInitScript(() => delete Navigator.prototype.serviceWorker);
  await logIn(page, stage.head, stage.password);
  await started(page);
  await page.goto(`/approvals/${first.id}?decide`);
  await page.getByText('当日有庭审').first().waitFor();
  await page.waitForURL((url) => url.search === '');
  await page.waitForTimeout(1500);
  assert.equal(await page.getByRole('dialog').count(), 0, 'it is decided');

  const { body: second } = await submit(stage.clerk, '2026-12-22');
  let answer;
  const held = new Promise((resolve) => (answer = resolve));
  await page.route(/approvals\/inbox\?.*subject=/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`/approvals/${second.id}?decide`);
  await page.getByRole('button', { name: '不同意' }).tap();
  const sheet = page.getByRole('dialog');
  await sheet.locator('#approval-comment').fill('年底结案');
  answer();
  await page.getByText('审批参考').waitFor({ state: 'attached' });
  await page.waitForTimeout(1000);
  assert.equal(await sheet.locator('#approval-comment').inputValue(), '年底结案');
  await sheet.getByRole('button', { name: '确认不同意' }).tap();
  await page.getByText('年底结案').first().waitFor();
  const decided = await stage.call(stage.clerk, 'GET', `/leave/requests/${second.id}`);
  assert.equal(decided.body.status, 'refused');
  assert.deepEqual(troubles, []);
  await context.close();
});

test('what somebody else has decided no longer waits on a page that is open', async () => {
  const { context, page, troubles } = await phone(stage.head);
  const { body } = await submit(stage.clerk, '2026-12-23');
  const badge = page.locator('.tab-bar .count', { hasText: '1' });
  await badge.waitFor();
  await page.getByRole('link', { name: '全部 1 项' }).tap();
  const card = page.locator('.task', { hasText: '周书记' });
  await card.waitFor();
  const [task] = (await inbox()).filter((task) => task.subject_id === body.id);
  await decide(task, 'refuse', '当日有庭审');
  await card.waitFor({ state: 'detached' });
  await badge.waitFor({ state: 'detached' });
  assert.deepEqual(troubles, []);
  await context.close();
});

test('what another device reads is read here, and the list can be narrowed and marked', async () => {
  const { context, page, troubles } = await phone(stage.head);
  await submit(stage.clerk, '2026-12-07');
  await submit('200002', '2026-12-08');
  await told(page, 2);
  await page.goto('/notices?unread=true');
  await page.getByText('2 条未读').waitFor();
  assert.equal(await page.locator('.notice-unread').count(), 2);
  // Another device marks one.
  const { body } = await stage.call(stage.head, 'GET', '/notices?unread=true');
  await stage.call(stage.head, 'POST', `/notices/${body.items[0].id}/read`);
  await page.getByText('1 条未读').waitFor();
  await page.waitForFunction(() => document.querySelectorAll('.notice-unread').length === 1);
  await page.getByRole('button', { name: '全部已读' }).tap();
  await page.locator('main').getByText('没有未读消息').first().waitFor();
  await page.getByRole('link', { name: '全部', exact: true }).tap();
  await page.locator('.notice-read').first().waitFor();
  assert.equal(await page.locator('.notice-unread').count(), 0);
  assert.deepEqual(troubles, []);
  await context.close();
});

test('settings survive a reload', async () => {
  const { context, page, troubles } = await phone(stage.clerk, { viewport: { width: 320, height: 640 } });
  await page.goto('/me');
  await page.getByRole('link', { name: '通知设置' }).tap();
  await page.getByText('本单位没有启用浏览器推送').waitFor();
  await page.getByRole('switch', { name: '抄送我' }).tap();
  await page.getByRole('switch', { name: '免打扰时段' }).tap();
  await page.locator('#quiet-from').fill('21:30');
  await page.getByText('每天 21:30 至次日 07:00').waitFor();
  await page.locator('#notice-email').fill('not an address');
  await page.getByText('请填写有效的邮箱地址').waitFor();
  await page.locator('#notice-email').fill('zhou@court.example');
  await page.getByRole('button', { name: '保存' }).tap();
  await page.getByText('已保存').waitFor();
  assert.equal(await sideways(page), 0);
  await page.reload();
  await page.getByText('每天 21:30 至次日 07:00').waitFor();
  assert.equal(await page.getByRole('switch', { name: '抄送我' }).getAttribute('aria-checked'), 'false');
  assert.equal(await page.getByRole('switch', { name: '催办' }).getAttribute('aria-checked'), 'true');
  assert.equal(await page.locator('#notice-email').inputValue(), 'zhou@court.example');
  const { body } = await stage.call(stage.clerk, 'GET', '/notices/settings');
  assert.deepEqual(body, { muted: ['copied'], quiet: { from: 1290, to: 420 }, email: 'zhou@court.example' });
  assert.deepEqual(troubles, []);
  await context.close();
});

// The browser's push service is the one part that a test cannot have; the browser itself delivers in its place.
test('a push message shows how much waits, and only a page of this site can be opened by it', async () => {
  const { context, page, troubles } = await phone(stage.head);
  await context.grantPermissions(['notifications'], { origin: stage.origin });
  await page.evaluate(() => navigator.serviceWorker.ready);
  const browserItself = await context.newCDPSession(page);
  const registration = new Promise((resolve) => {
    browserItself.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => registrations[0] && resolve(registrations[0]));
  });
  await browserItself.send('ServiceWorker.enable');
  const { registrationId } = await registration;
  const shownNow = () =>
    page.evaluate(async () => {
      const all = await (await navigator.serviceWorker.ready).getNotifications();
      return all.map((one) => [one.tag, one.body, one.data.link]).sort();
    });
  let shown = [];
  // One after the other: a busy headless browser drops a message that comes while it shows the one before.
  const deliver = async (data) => {
    const before = shown.length;
    await browserItself.send('ServiceWorker.deliverPushMessage', { origin: stage.origin, registrationId, data });
    for (let look = 0; look < 40 && shown.length === before; look += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      shown = await shownNow();
    }
  };
  await deliver(JSON.stringify({ kind: 'task_waiting', text: '您有 1 项待办审批', link: '/approvals/7' }));
  await deliver(JSON.stringify({ kind: 'urged', text: '您有 1 项审批被催办', link: '//elsewhere.example/' }));
  await deliver('nonsense');
  assert.deepEqual(shown, [
    ['notice', '您有新消息', '/notices'],
    ['task_waiting', '您有 1 项待办审批', '/approvals/7'],
    ['urged', '您有 1 项审批被催办', '/notices'],
  ]);
  assert.deepEqual(troubles, []);
  await context.close();
});

test('a tap on a push message leads no window away in which something may be half typed', async () => {
  const { context, page, troubles } = await phone(stage.clerk);
  await page.evaluate(() => navigator.serviceWorker.ready);
  const [worker] = context.serviceWorkers();
  const id = randomUUID();
  const led = await worker.evaluate(
    (paths) => paths.filter((path) => self.canLeave(path)),
    ['/', '/leave', '/notices', `/lessons/${id}`, '/leave/new', `/leave/${id}`, `/leave/${id}/resubmit`, '/approvals',
      `/approvals/${id}`, `/lessons/${id}/rate`, `/lessons/${id}/board`, `/c/${id}`, '/login', '/notices/settings', '/definitions/leave']
  );
  assert.deepEqual(led, ['/', '/leave', '/notices', `/lessons/${id}`]);

  // Which window is taken: the one that shows the page, else one that can be led there, else a new one.
  const tap = (open) =>
    worker.evaluate(async (open) => {
      const done = [];
      const client = (path) => ({
        url: self.location.origin + path,
        focus: async () => done.push(`focus ${path}`),
        navigate: async (url) => (done.push(`navigate ${path}`), client(new URL(url).pathname)),
      });
      const original = self.clients;
      const clients = { matchAll: async () => open.map(client), openWindow: async () => done.push('open') };
      Object.defineProperty(self, 'clients', { configurable: true, get: () => clients });
      try {
        await self.openPage('/approvals/7');
      } finally {
        Object.defineProperty(self, 'clients', { configurable: true, get: () => original });
      }
      return done;
    }, open);
  assert.deepEqual(await tap(['/leave/new', '/approvals/7']), ['focus /approvals/7']);
  assert.deepEqual(await tap(['/leave/new', '/leave']), ['navigate /leave', 'focus /approvals/7']);
  assert.deepEqual(await tap(['/leave/new']), ['open']);
  assert.deepEqual(await tap([]), ['open']);
  assert.deepEqual(troubles, []);
  await context.close();
});

// A program of the court that takes webhooks, checks their signatures, and can be told to fail.
async function openListener(secret) {
  const taken = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    const mac = createHmac('sha256', secret).update(`${request.headers['x-fingertip-timestamp']}.`).update(body);
    assert.equal(request.headers['x-fingertip-signature'], `sha256=${mac.digest('hex')}`);
    taken.push(JSON.parse(body.toString()));
    response.writeHead(status).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/hooks`,
    taken,
    answer: (next) => (status = next),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

test('an administrator sets a webhook up, tests it, sees what went out, and takes it away', async (t) => {
  const secret = 'a secret of sixteen and more';
  const listener = await openListener(secret);
  t.after(() => listener.close());
  const { context, page, troubles } = await phone(ADMIN, { viewport: DESK, isMobile: false, hasTouch: false });
  await page.locator('.rail').getByRole('link', { name: '通知通道' }).click();
  await page.getByText('还没有通知通道').waitFor();
  await page.getByRole('button', { name: '新建通道' }).click();
  const sheet = page.getByRole('dialog');
  const save = sheet.getByRole('button', { name: '保存' });
  assert.ok(await save.isDisabled(), 'nothing is typed yet');
  await sheet.locator('#channel-name').fill('办公系统');
  await sheet.locator('#channel-address').fill(listener.url);
  await sheet.locator('#channel-secret').fill('short');
  await save.click();
  await sheet.getByText('签名密钥应为 16 至 200 个字符').waitFor();
  await sheet.locator('#channel-secret').fill(secret);
  await save.click();
  const card = page.locator('.channel-grid .card');
  await card.getByText('办公系统').waitFor();
  assert.equal(await page.getByText('/hooks').count(), 0, 'the address goes in and does not come out');

  await card.getByRole('button', { name: '测试' }).click();
  await card.getByText('测试消息已送达').waitFor();
  assert.deepEqual(listener.taken.map((message) => message.kind), ['test']);
  listener.answer(500);
  await card.getByRole('button', { name: '测试' }).click();
  await card.getByText('没有送达：对方答复 HTTP 500').waitFor();
  listener.answer(200);

  // A real notice goes the same way, and stands in the log.
  await submit(stage.clerk, '2026-12-14');
  await page.getByRole('link', { name: '发送记录' }).first().click();
  const row = page.getByRole('row').filter({ hasText: '待我审批' }).filter({ hasText: stage.head });
  for (let look = 0; look < 20 && !(await row.getByText('已送达').count()); look += 1) {
    await page.waitForTimeout(500);
    await page.reload();
    await started(page);
  }
  await row.getByText('已送达').waitFor();
  const message = listener.taken.find((message) => message.kind === 'task_waiting');
  assert.equal(message.officer, stage.head);
  assert.ok(!/年休假|探望/.test(message.text), 'neither type nor reason leaves the house');
  await page.getByRole('link', { name: '未送达', exact: true }).click();
  await page.waitForURL('**/channels/deliveries?state=dead');
  await page.getByText('没有发送记录').waitFor();

  await page.goto('/channels');
  await card.getByRole('button', { name: '删除' }).click();
  await sheet.getByText('删除“办公系统”后').waitFor();
  await sheet.getByRole('button', { name: '删除' }).click();
  await page.getByText('还没有通知通道').waitFor();
  assert.deepEqual(troubles, []);
  await context.close();
});
