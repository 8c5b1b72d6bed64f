import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { loggerOptions } from './logger.ts';

it('API-10: one JSON object a line, with the level by name, and no secret in it', () => {
  const out = new PassThrough();
  const log = pino(loggerOptions({ LOG_LEVEL: 'info' }), out);
  log.info(
    { storeId: '1', password: 'hunter2', store: { token: 'spk_x' }, req: { headers: { cookie: 'a=b', host: 'x' } } },
    'Hello',
  );
  log.debug('nobody reads this');
  const lines = String(out.read()).trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'info',
    msg: 'Hello',
    storeId: '1',
    password: '[hidden]',
    store: { token: '[hidden]' },
    req: { headers: { cookie: '[hidden]', host: 'x' } },
  });
});
