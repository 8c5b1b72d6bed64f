import { execa } from 'execa';
import { get } from './kubectl.ts';

/** True when the shop in a namespace can open a connection to a Service within three seconds. */
export async function reaches(from: string, service: { namespace: string; name: string }): Promise<boolean> {
  const { spec } = await get('service', '-n', service.namespace, service.name);
  const shop = ['-n', from, 'deploy/shop', '-c', 'shop'];
  const connect = ['timeout', '3', 'bash', '-c', `</dev/tcp/${spec.clusterIP}/${spec.ports[0].port}`];
  const { exitCode, stderr } = await execa('kubectl', ['exec', ...shop, '--', ...connect], { reject: false });
  // Refused by a policy: nothing comes back, or the network says that it was rejected. Anything else is no answer at all.
  if (exitCode !== 0 && exitCode !== 124 && !/refused|unreachable|prohibited/i.test(stderr)) throw new Error(stderr);
  return exitCode === 0;
}
