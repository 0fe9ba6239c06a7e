// A picture of every screen into out/: phone and desk, light, dark, large type. ONLY=calendar,authority takes those alone.
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { DESK, PHONE, logIn, openBrowser, openPhone, started } from './browser.mjs';
import { openStage } from './stage.mjs';

const out = fileURLToPath(new URL('out/', import.meta.url));
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const stage = await openStage();
const browser = await openBrowser();
const [lesson, next] = stage.lessons;

// Something to look at: a leave at each stage, sign-ins, ratings, results.
const submit = (number, day, type = 'annual', contact = '') =>
  stage.call(number, 'POST', '/leave/requests', {
    id: randomUUID(),
    leave_type: type,
    from: { date: day, half: 'am' },
    to: { date: day, half: 'pm' },
    reason: '回乡探望父母',
    destination: '临江市',
    contact,
  });
const decided = await submit(stage.clerk, '2026-11-27');
const inbox = await stage.call(stage.head, 'GET', '/approvals/inbox');
const [task] = inbox.body.tasks;
await stage.call(stage.head, 'POST', `/approvals/tasks/${task.id}/decide`, { action: 'approve', comment: '', version: task.version });
const waiting = await submit(stage.clerk, '2026-12-02');
const ill = await submit('200002', '2026-12-03', 'sick');
const town = await submit(stage.clerk, '2026-12-05', 'leaving_town', '手机');
await stage.call(stage.clerk, 'PUT', `/leave/drafts/${randomUUID()}`, {
  version: 0,
  content: { leave_type: 'personal', from_date: '2026-12-10', from_half: 'am', to_half: 'pm', reason: '搬家' },
});
for (const number of stage.trainees.slice(0, 6)) {
  const board = await stage.board(lesson);
  await stage.call(number, 'POST', '/attendance/sign-ins', { lesson, code: board.code, nonce: randomUUID() });
}

const early = {
  [stage.clerk]: {
    home: '/', leave: '/leave', 'leave-new': '/leave/new', 'leave-approved': `/leave/${decided.body.id}`,
    'leave-waiting': `/leave/${waiting.body.id}`, scan: '/scan', training: '/training', class: `/classes/${stage.class}`,
    lesson: `/lessons/${lesson}`, me: '/me', sessions: '/me/sessions', delegations: '/me/delegations', notices: '/notices',
    'notice-settings': '/notices/settings', 'not-found': '/nowhere', 'team-phone': '/leave/team', 'stand-ins': '/me/stand-ins',
    feeds: '/subscriptions', calendar: '/calendar', 'leaving-town': '/leave/new?type=leaving_town',
    'leaving-town-waiting': `/leave/${town.body.id}`, account: '/leave/account?type=annual', sheet: `/print/leave/${decided.body.id}`,
  },
  [stage.head]: { 'home-head': '/', approvals: '/approvals', approval: `/approvals/${waiting.body.id}`, 'notices-head': '/notices', 'approval-ill': `/approvals/${ill.body.id}` },
  [stage.teacher]: { 'lesson-staff': `/lessons/${lesson}`, board: `/lessons/${lesson}/board`, attendance: `/lessons/${lesson}/attendance` },
  [stage.hr]: {
    org: '/org', imports: '/imports', oversights: '/oversights', vacancies: '/vacancies', team: '/team', summary: '/summary',
    statistics: '/statistics', unreported: '/unreported', periods: '/periods', absences: '/absences', 'on-behalf': '/on-behalf',
    accounts: `/accounts?officer=${stage.clerk}`, 'owed-papers': '/owed-papers',
  },
  '200012': { roles: '/roles', definitions: '/definitions', definition: '/definitions/leave', channels: '/channels', deliveries: '/channels/deliveries', authority: '/authority', 'leave-types': '/leave-types', 'work-calendar': '/work-calendar', 'court-days': '/work-calendar/courts', weeks: '/work-calendar/weeks' },
};
const late = {
  [stage.trainees[5]]: { rate: `/lessons/${lesson}/rate` },
  [stage.teacher]: { results: `/lessons/${lesson}/results`, 'board-next': `/lessons/${next}/board` },
};
const looks = [
  ['phone-light', { viewport: PHONE, colorScheme: 'light' }, {}],
  ['phone-dark', { viewport: PHONE, colorScheme: 'dark' }, {}],
  ['phone-large', { viewport: PHONE, colorScheme: 'light' }, { type: 'large' }],
  ['desk-light', { viewport: DESK, isMobile: false, hasTouch: false, deviceScaleFactor: 1 }, {}],
  ['desk-dark', { viewport: DESK, isMobile: false, hasTouch: false, deviceScaleFactor: 1, colorScheme: 'dark' }, {}],
];

const only = process.env.ONLY?.split(',');
let taken = 0;
async function shoot(tour) {
  for (const [look, options, kept] of looks) {
    for (const [number, all] of Object.entries(tour)) {
      const pages = Object.fromEntries(Object.entries(all).filter(([name]) => only?.includes(name) ?? true));
      if (Object.keys(pages).length === 0) continue;
      const { context, page } = await openPhone(browser, stage, options);
      await context.addInitScript((kept) => Object.entries(kept).forEach(([key, value]) => localStorage.setItem(key, value)), kept);
      await logIn(page, number, stage.password);
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(path);
        await started(page).catch(() => console.log(`${look} ${name} did not settle`));
        await page.waitForTimeout(400);
        // A phone that is as tall as the page, so that the bar stands at the foot and nothing is cut off.
        const tall = await page.evaluate(() => document.documentElement.scrollHeight);
        if (look.startsWith('phone')) await page.setViewportSize({ width: PHONE.width, height: Math.max(PHONE.height, tall) });
        await page.screenshot({ path: `${out}${name}-${look}.png` });
        if (look.startsWith('phone')) await page.setViewportSize(PHONE);
        taken += 1;
      }
      await context.close();
    }
  }
}

await shoot(early);
for (const [look, options] of looks.slice(0, 2)) {
  const { context, page } = await openPhone(browser, stage, options);
  const { link } = await stage.board(lesson);
  const pages = { login: '/login', activate: '/activate', landing: new URL(link).pathname };
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(path);
    await page.screenshot({ path: `${out}${name}-${look}.png` });
    taken += 1;
  }
  await context.close();
}
await stage.setClock(stage.day, '10:36');
for (const number of stage.trainees.slice(0, 5)) {
  const scores = { content: 5, method: 4, relevance: 5, organisation: 3 };
  await stage.call(number, 'POST', `/lessons/${lesson}/ratings`, { id: randomUUID(), scores, text: '案例贴近审判实际。' });
}
await shoot({ [stage.trainees[5]]: late[stage.trainees[5]] });
await stage.call(stage.teacher, 'POST', `/lessons/${lesson}/ratings/close`, {});
await shoot({ [stage.teacher]: late[stage.teacher] });
console.log(`${taken} pictures in tests/web/out`);
await browser.close();
await stage.close();
