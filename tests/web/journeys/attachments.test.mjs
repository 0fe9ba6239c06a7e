// A hospital paper: the officer photographs it on his phone, the approver opens it, what does not get through says so.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { logIn, openBrowser, openPhone, sideways, started } from '../browser.mjs';
import { openStage } from '../stage.mjs';

const PHOTO = readFileSync(fileURLToPath(new URL('../../fixtures/photo.jpg', import.meta.url)));
const photo = (name) => ({ name, mimeType: 'image/jpeg', buffer: PHOTO });

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

async function phone(number) {
  const opened = await openPhone(browser, stage);
  await logIn(opened.page, number, stage.password);
  await started(opened.page);
  return opened;
}

// The picture is drawn, and stands upright: it was taken sideways.
async function assertShown(page) {
  const picture = page.getByRole('dialog').locator('img');
  await picture.waitFor();
  await page.waitForFunction(() => document.querySelector('dialog[open] img')?.naturalWidth > 0);
  assert.deepEqual(await picture.evaluate((img) => [img.naturalWidth, img.naturalHeight]), [120, 160]);
}

test('a photo of a hospital paper goes with a sick leave, and the approver opens it', async () => {
  const officer = await phone(stage.clerk);
  const { page } = officer;
  await page.goto('/leave/new');
  await page.getByRole('radio', { name: '病假' }).tap();
  await page.locator('#leave-to').first().waitFor();
  await page.locator('#attachment-file').setInputFiles([photo('诊断证明.jpg'), photo('错的.jpg')]);
  await page.getByText('等待上传').first().waitFor();
  assert.equal(await sideways(page), 0);
  await page.getByRole('button', { name: '移除 错的.jpg' }).tap();
  await page.getByRole('button', { name: '提交申请' }).tap();
  await page.getByText('审批中 1/1').first().waitFor();
  await page.getByRole('button', { name: '查看 诊断证明.jpg' }).waitFor();
  assert.equal(await page.getByText('错的.jpg').count(), 0);
  assert.equal(await sideways(page), 0);
  await page.getByRole('button', { name: '查看 诊断证明.jpg' }).tap();
  await assertShown(page);
  await page.getByRole('dialog').getByRole('button', { name: '关闭' }).tap();

  // A page in disguise is refused in words, and nobody is told that it was sent.
  const disguised = { name: '病历.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<!DOCTYPE html><p>x</p>') };
  await page.locator('#attachment-file').setInputFiles(disguised);
  await page.getByText('未上传：').waitFor();
  await page.getByRole('button', { name: '不上传了' }).tap();
  // Without a network it says so, and goes when it is asked again.
  await officer.context.setOffline(true);
  await page.locator('#attachment-file').setInputFiles(photo('第二页.jpg'));
  await page.getByText('没有网络').first().waitFor();
  assert.equal(await page.getByRole('button', { name: '查看 第二页.jpg' }).count(), 0);
  await officer.context.setOffline(false);
  await page.getByRole('button', { name: '重新上传' }).tap();
  await page.getByRole('button', { name: '查看 第二页.jpg' }).waitFor();

  const boss = await phone(stage.head);
  await boss.page.goto('/approvals');
  await boss.page.getByText('附件 2').waitFor();
  await boss.page.getByRole('link', { name: '查看详情' }).first().tap();
  await boss.page.getByRole('button', { name: '查看 诊断证明.jpg' }).tap();
  await assertShown(boss.page);
  assert.equal(await sideways(boss.page), 0);
  for (const { context, troubles } of [officer, boss]) {
    assert.deepEqual(troubles, []);
    await context.close();
  }
});
