import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { platform } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { isHealthy } from './health.ts';

const SERVER =
  "require('http').createServer((q, a) => { a.statusCode = q.url === '/well' ? 200 : 500; a.end() }).listen(0, '127.0.0.1', function () { console.log(this.address().port) })";

describe('the health of a process', () => {
  let child: ChildProcess | null = null;
  let other: Server | null = null;
  afterEach(() => {
    child?.kill('SIGKILL');
    other?.close();
  });

  const start = async (script: string) => {
    child = spawn(process.execPath, ['-e', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await once(child.stdout!, 'data')) as [Buffer];
    return { pid: child.pid ?? 0, port: Number(line.toString()) };
  };

  it('is good when it answers 200 itself, and only then', async () => {
    const running = await start(SERVER);
    expect(await isHealthy(running, '/well')).toBe(true);
    expect(await isHealthy(running, '/ill')).toBe(false);
    expect(await isHealthy({ ...running, port: 1 }, '/well')).toBe(false);
  });

  it.skipIf(platform() !== 'linux')('is not good when somebody else answers on its port', async () => {
    other = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const running = await start("console.log('0'); setInterval(() => {}, 1000)");
    expect(await isHealthy({ pid: running.pid, port }, '/')).toBe(false);
  });
});
