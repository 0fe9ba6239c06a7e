// Starts the server under test and talks to it: see stage.rs.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const binary = process.env.STAGE ?? fileURLToPath(new URL('../../target/debug/stage', import.meta.url));

export async function openStage() {
  const child = spawn(binary, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the stage ended');
    return JSON.parse(value);
  };
  const facts = await next();
  let turn = Promise.resolve();
  // One command at a time: answers come in the order of the questions.
  const ask = (command) => {
    const answer = turn.then(() => {
      child.stdin.write(`${command}\n`);
      return next();
    });
    turn = answer.catch(() => undefined);
    return answer;
  };
  const stage = {
    ...facts,
    // What the phones' clocks are set to; the stage's own runs on from here.
    now: `${facts.day}T08:40:00+08:00`,
    async setClock(day, time, ...contexts) {
      await ask(`set ${day} ${time}`);
      stage.now = `${day}T${time}:00+08:00`;
      for (const context of contexts) await context.clock.setSystemTime(stage.now);
    },
    board: (lesson) => ask(`board ${lesson}`),
    token: (number) => ask(`token ${number}`),
    // A call over HTTP as this officer, beside the browser.
    async call(number, method, path, body) {
      const token = await ask(`token ${number}`);
      const response = await fetch(`${facts.origin}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, body: text ? JSON.parse(text) : null };
    },
    async close() {
      child.stdin.end('stop\n');
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
  return stage;
}
