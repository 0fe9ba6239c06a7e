// An administrator's way through the definition of leave: read, edit, be told of a gap, mend it, try it, save it; take
// it out as a file and bring it back; lose a race.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { DESK, logIn, openBrowser, openPhone, sideways, started } from '../browser.mjs';
import { openStage } from '../stage.mjs';

const ADMIN = '200012';
// The narrowest phone that pages have to fit.
const NARROW = { width: 320, height: 640 };

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

async function desk(viewport = DESK) {
  const opened = await openPhone(browser, stage, { viewport, isMobile: false, hasTouch: false, deviceScaleFactor: 1 });
  await logIn(opened.page, ADMIN, stage.password);
  await started(opened.page);
  return opened;
}

const button = (place, name) => place.getByRole('button', { name, exact: true });
const node = (page, number) => page.locator('.columns > .stack').first().locator('.node').nth(number - 1);
const saveButton = (page) => button(page, '保存为新版本');

async function beginEditing(page) {
  await button(page, '修改流程').click();
  await page.getByText('还没有修改').waitFor();
}

async function retitle(page, number, title) {
  await button(node(page, number), '修改').click();
  await page.locator('#node-title').fill(title);
  await button(page, '完成修改').click();
  await node(page, number).getByText(title).waitFor();
}

const definition = async (version) => {
  const { body } = await stage.call(ADMIN, 'GET', `/approval-definitions/leave${version === undefined ? '' : `?version=${version}`}`);
  return body;
};

test('a definition is edited, checked, tried and saved', async () => {
  const { context, page, troubles } = await desk();
  await page.getByRole('link', { name: '审批流程' }).click();
  await page.getByText('初始版本').waitFor();
  await page.getByRole('link', { name: /请假审批/ }).click();
  await node(page, 4).getByText('上级法院院长审批').waitFor();
  await node(page, 1).getByText('职务类别为一般干警、部门副职').waitFor();

  // The president's own leave loses its approver: a gap, and why it cannot be saved.
  await beginEditing(page);
  await button(node(page, 4), '修改').click();
  await page.getByText('适用：职务类别为院长').waitFor();
  await page.getByLabel('一般干警').check();
  await page.getByLabel('院长', { exact: true }).uncheck();
  await page.getByText('适用：职务类别为一般干警', { exact: true }).waitFor();
  await button(page, '完成修改').click();
  await page.getByText('职务类别为院长时没有节点审批').first().waitFor();
  await page.getByText(/先解决 \d+ 处问题才能保存/).waitFor();
  assert.ok(await saveButton(page).isDisabled());

  // A reload loses nothing.
  await page.reload();
  await page.getByText('已恢复您尚未保存的修改').waitFor();
  await page.getByText('职务类别为院长时没有节点审批').first().waitFor();

  // Mended; another node is taken away and comes back.
  await button(node(page, 4), '修改').click();
  await page.getByLabel('院长', { exact: true }).check();
  await page.getByLabel('一般干警').uncheck();
  await button(page, '完成修改').click();
  await page.getByText('还没有修改').waitFor();
  await button(node(page, 2), '删除').click();
  await page.getByText('删除：分管院领导审批').waitFor();
  await button(page, '撤销上一步').click();
  await page.getByText('还没有修改').waitFor();

  // From three half days on the overseer decides; now from five. A node of two people in order is added.
  await button(node(page, 2), '修改').click();
  await page.locator('#condition-0-2-at-least').fill('5');
  await page.getByText('计假半天数≥5').waitFor();
  await button(page, '完成修改').click();
  await button(page, '添加节点').click();
  await page.locator('#node-title').fill('政治部备案');
  await page.locator('#rule-0-kind').selectOption('post');
  await page.locator('#rule-0-unit').selectOption({ label: '本院指定部门' });
  await page.locator('#rule-0-class').selectOption('staff');
  await button(page, '再加一类审批人').click();
  await page.locator('#rule-1-kind').selectOption('officer');
  await node(page, 6).getByText('请先选择人员').waitFor();
  await button(page, '选择人员').click();
  await page.locator('#people-search').fill('尤主任');
  await page.getByRole('dialog').getByRole('button', { name: /尤主任/ }).first().click();
  await page.locator('#node-mode').selectOption({ label: '依次审批' });
  await page.getByRole('radio', { name: '限时', exact: true }).click();
  await button(page, '完成修改').click();
  await node(page, 6).getByText(/本院政治部的一般干警 → 尤主任/).waitFor();
  await node(page, 6).getByText('1 天未办理，提醒审批人').waitFor();
  for (const text of ['新增：政治部备案', '修改：分管院领导审批']) await page.getByText(text).waitFor();

  // As the clerk, for four half days: the overseer is not asked.
  await button(page, '选择申请人').click();
  await page.locator('#people-search').fill('周书记');
  await page.getByRole('dialog').getByRole('button', { name: /周书记/ }).first().click();
  await page.locator('#trial-half_days').fill('4');
  await button(page, '试算').click();
  const trial = page.locator('.trial');
  await trial.getByText('王庭长').waitFor();
  await trial.locator('.node-off', { hasText: '分管院领导审批' }).waitFor();

  await page.waitForFunction(() => document.body.innerText.includes('可以保存') || document.body.innerText.includes('检查通过'));
  await saveButton(page).click();
  await page.getByText('第 1 版 · 现行').waitFor();
  await page.getByText(/杨管理 · /).first().waitFor();
  const saved = await definition();
  assert.equal(saved.current, 1);
  assert.equal(saved.definition.nodes.length, 6);
  assert.equal(saved.definition.nodes[1].when.any[0].all[2].integer.at_least, 5);
  assert.deepEqual(saved.definition.nodes[5].kind.decide.approvers[1], { officer: { officer: '100002' } });
  assert.equal(await button(page, '修改流程').count(), 1, 'the working copy is done');

  // The version that came with the program can still be read, and edited from.
  await button(page, '查看').click();
  await page.getByText('新申请按第 1 版办理').waitFor();
  await button(page, '以此版本为基础编辑').click();
  await page.getByText('删除：政治部备案').waitFor();
  await button(page, '放弃修改').click();
  await button(page.getByRole('dialog'), '放弃修改').click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  assert.deepEqual(troubles, []);
  await context.close();
});

test('what is exported is imported as it was, and a mistake is named with its place', async () => {
  const { context, page, troubles } = await desk();
  await page.goto('/definitions/leave');
  await node(page, 1).waitFor();
  const { current, definition: saved } = await definition();
  const link = page.getByRole('link', { name: '导出' });
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  // A browser on a machine without a UTF-8 locale would save it under another name.
  assert.equal(await link.getAttribute('download'), `审批流程-leave-v${current}.json`);
  const text = await readFile(await download.path(), 'utf8');
  assert.deepEqual(JSON.parse(text), saved);

  const upload = (content) =>
    page.locator('#definition-file').setInputFiles({ name: 'definition.json', mimeType: 'application/json', buffer: Buffer.from(content) });
  await upload(text.replace('"title"', 'title'));
  await page.getByText(/文件格式有误：第 \d+ 行第 \d+ 列/).waitFor();
  await upload(text.replace('"single"', '"most"'));
  await page.getByText('nodes[0].kind.decide.mode（不认识的取值“most”）').waitFor();
  await upload(text);
  await page.getByText('还没有修改').waitFor();
  const [again] = await Promise.all([page.waitForEvent('download'), link.click()]);
  assert.equal(await link.getAttribute('download'), '审批流程-leave-修改稿.json');
  assert.equal(await readFile(await again.path(), 'utf8'), text, 'export, import, export: the same');

  // With one node less it is a working copy with its fault, and nothing is saved.
  await upload(JSON.stringify({ ...saved, nodes: saved.nodes.filter((node) => node.key !== 'president_above') }));
  await page.getByText('删除：上级法院院长审批').waitFor();
  assert.equal((await definition()).current, current);
  assert.deepEqual(troubles, []);
  await context.close();
});

test('who loses a race keeps his changes and goes on after the other', async () => {
  const { context, page } = await desk();
  await page.goto('/definitions/leave');
  await node(page, 1).waitFor();
  const { current, definition: saved } = await definition();
  await beginEditing(page);
  await retitle(page, 1, '庭长审批');
  await page.waitForFunction(() => document.body.innerText.includes('可以保存') || document.body.innerText.includes('检查通过'));
  const other = { ...saved, name: '请假审批（试行）' };
  const { status } = await stage.call(ADMIN, 'POST', '/approval-definitions/leave', { based_on: current, definition: other });
  assert.equal(status, 200);
  await saveButton(page).click();
  await page.getByText(`他人保存了第 ${current + 1} 版`).waitFor();
  assert.ok(await saveButton(page).isDisabled());
  await button(page, '查看新版本').click();
  await page.getByText('您有尚未保存的修改').waitFor();
  await page.getByRole('heading', { name: '请假审批（试行）' }).waitFor();
  await button(page, '继续修改').click();
  await button(page, '在其之上继续').click();
  await page.getByText(`与第 ${current + 1} 版相比`).waitFor();
  assert.equal(await page.getByText('流程名称有修改').count(), 0, 'what the other has changed is taken over');
  await page.waitForFunction(() => document.body.innerText.includes('可以保存') || document.body.innerText.includes('检查通过'));
  await saveButton(page).click();
  await page.getByText(`第 ${current + 2} 版 · 现行`).waitFor();
  const both = (await definition()).definition;
  assert.deepEqual([both.name, both.nodes[0].title], [other.name, '庭长审批'], 'neither change is lost');
  await context.close();
});

test('the rules of running requests are set, and a phone shows it all', async () => {
  const { context, page, troubles } = await desk(NARROW);
  await page.goto('/definitions');
  await page.locator('#urge-every').fill('1');
  await page.locator('#urge-every-unit').selectOption('minutes');
  await page.getByText('两次催办的间隔应在 10 分钟至 30 天之间').waitFor();
  await page.locator('#urge-every').fill('45');
  await button(page, '保存规则').click();
  await page.getByText('规则已保存').waitFor();
  const { body } = await stage.call(ADMIN, 'GET', '/approval-settings');
  assert.deepEqual(body, { urge_after_minutes: 120, urge_every_minutes: 45, take_back: true });
  // Of the same units as the settings of the beginning: what is saved has to stand there all the same.
  const set = async (settings) => {
    const { body: seen } = await stage.call(ADMIN, 'GET', '/approval-settings');
    await stage.call(ADMIN, 'PUT', '/approval-settings', { seen, settings });
  };
  await set({ urge_after_minutes: 300, urge_every_minutes: 480, take_back: true });
  await page.reload();
  await page.locator('#urge-after').waitFor();
  const amounts = async () => [await page.locator('#urge-after').inputValue(), await page.locator('#urge-every').inputValue()];
  assert.deepEqual(await amounts(), ['5', '8']);
  // A later answer does not overwrite what is being typed.
  await page.locator('#urge-after').fill('7');
  await set({ urge_after_minutes: 360, urge_every_minutes: 480, take_back: true });
  const read = page.waitForResponse((response) => response.url().endsWith('/approval-settings'));
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await read;
  await page.waitForTimeout(500);
  assert.deepEqual(await amounts(), ['7', '8']);
  // Nor does he overwrite what he has not seen.
  await button(page, '保存规则').click();
  await page.getByText('规则刚被他人修改').waitFor();
  assert.deepEqual(await amounts(), ['6', '8']);
  assert.equal(await sideways(page), 0);
  await page.goto('/definitions/leave');
  await node(page, 1).waitFor();
  assert.equal(await sideways(page), 0);
  await beginEditing(page);
  await button(node(page, 2), '修改').click();
  await page.locator('#node-title').waitFor();
  assert.equal(await sideways(page), 0);
  // Neither a file nor a reload takes what is typed in an open form.
  await page.locator('#node-title').fill('分管副院长审批');
  const text = JSON.stringify((await definition()).definition);
  await page.locator('#definition-file').setInputFiles({ name: 'definition.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await page.locator('.field-error', { hasText: '请先完成正在修改的节点' }).waitFor();
  await page.reload();
  await page.locator('#node-title').waitFor();
  assert.equal(await page.locator('#node-title').inputValue(), '分管副院长审批');
  assert.deepEqual(troubles, []);
  await context.close();
});
