import { once } from 'node:events';
import { pino } from 'pino';
import { loadConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway/gateway.ts';
import { createRoutes } from '../../src/gateway/routes.ts';
import { createFrontDoor } from '../../src/http.ts';

/** The platform's door with one shop behind it, in a process of its own. Arguments: the shop's port, our port. */
const [shopPort, port] = process.argv.slice(2).map(Number);
const log = pino({ level: 'silent' });
const endpoint = { host: '127.0.0.1', port: shopPort ?? 0 };
const routes = createRoutes(async () => ({ storeId: 'bench', status: 'ready', step: null, endpoint }), log);
const config = loadConfig({});
const door = createFrontDoor(config, () => {});
door.open(() => {}, createGateway({ config, routes, log }));
door.server.listen(port, '127.0.0.1');
await once(door.server, 'listening');
process.stdout.write('listening\n');
