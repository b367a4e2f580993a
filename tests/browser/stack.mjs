// The runner under test: the built `local` binary with an empty data folder and ports of its own choice.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const ROOT = path.resolve(import.meta.dirname, '../..');
const BINARY = path.join(ROOT, 'target/debug/local');
// Services and functions start in seconds; a busy machine may take longer.
const START_LIMIT = 2 * 60_000;
const STOP_LIMIT = 20_000;

export class Stack {
  static async start() {
    if (!existsSync(BINARY)) throw new Error('target/debug/local is missing: cargo build --workspace');
    const data = await mkdtemp(path.join(tmpdir(), 'troth-browser-'));
    const flags = ['--no-build', '--fresh', '--data', data, '--port', '0', '--smtp-port', '0'];
    const child = spawn(BINARY, flags, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    const stack = new Stack(child, data);
    try {
      await stack.ready();
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  constructor(child, data) {
    this.child = child;
    this.data = data;
    this.output = '';
    this.exited = new Promise((done) => child.once('exit', done));
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => { this.output += bytes; });
  }

  async ready() {
    const end = Date.now() + START_LIMIT;
    while (!/^ready http/m.test(this.output)) {
      if (this.child.exitCode !== null) throw new Error(`local ended before it was ready:\n${this.output}`);
      if (Date.now() > end) throw new Error(`local did not get ready:\n${this.output}`);
      await sleep(100);
    }
    const ports = JSON.parse(await readFile(path.join(this.data, 'ports.json'), 'utf8'));
    this.url = `http://127.0.0.1:${ports.http}`;
  }

  async mails() {
    const answer = await fetch(`${this.url}/_local/mail.json`);
    return answer.json();
  }

  /** The first mail to this address; sending is asynchronous, so it is waited for. */
  async mailTo(address, limit = 30_000) {
    const end = Date.now() + limit;
    for (;;) {
      const mail = (await this.mails()).find(({ to }) => to.includes(address));
      if (mail) return mail;
      if (Date.now() > end) throw new Error(`no mail to ${address}:\n${this.output.slice(-4000)}`);
      await sleep(200);
    }
  }

  /** The instant on the runner's clock, which is what promises are counted from. */
  async now() {
    const answer = await fetch(`${this.url}/_local/state.json`);
    const { clock } = await answer.json();
    return Date.parse(typeof clock === 'string' ? clock : clock.now);
  }

  async stop() {
    this.child.kill('SIGINT');
    const stopped = await Promise.race([this.exited.then(() => true), sleep(STOP_LIMIT, false, { ref: false })]);
    if (!stopped) this.child.kill('SIGKILL');
    await this.exited;
    await rm(this.data, { recursive: true, force: true });
    if (!stopped) throw new Error('local did not end on Ctrl-C');
  }
}
