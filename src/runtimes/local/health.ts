import { get } from 'node:http';
import { groupListensOn } from './listening.ts';

const PATIENCE_MS = 5000;

/** A process that should answer: the leader of its group, and where. */
interface Answering {
  pid: number;
  port: number;
}

/** True when the path answers 200 and the answer is the process's own. Never rejects: what can't be reached is not healthy. */
export async function isHealthy({ pid, port }: Answering, path: string): Promise<boolean> {
  return (await answers(port, path)) && groupListensOn(pid, port);
}

function answers(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false, timeout: PATIENCE_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
    request.on('close', () => resolve(false));
  });
}
