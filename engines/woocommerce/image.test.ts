import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { woocommerce } from './engine.ts';

const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');

/** What PHP is told on a machine's command line, and need not be told in the image. */
const ELSEWHERE = new Set(['opcache.enable', 'opcache.enable_cli']);

describe('the image of a WooCommerce shop', () => {
  it('trap 4: lets PHP do what it may do on one machine, and no more', () => {
    const sources = { wordpress: { folder: '/', hash: 'w' }, php: { folder: '/', hash: 'p' }, image: 'i' };
    const engine = woocommerce(sources, { program: '/usr/bin/php', advice: null });
    const about = {
      id: '1',
      name: 'Mug',
      slug: 'mug',
      publicUrl: 'http://mug.localhost',
      userId: '2',
      createdAt: new Date(0),
      open: false,
      ordersUrl: 'http://127.0.0.1:3001/api/v1/orders',
    };
    const secrets = Object.fromEntries(Object.keys(engine.secrets(about)).map((name) => [name, 'secret']));
    const { command } = engine.plan(about, secrets, '1').process;
    const local = command.flatMap((word, place) =>
      command[place - 1] === '-d' ? [word.split('=') as [string, string]] : [],
    );
    const image = [...read('image/php.ini').matchAll(/^([\w.]+) = (.*)$/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]);
    expect(Object.fromEntries(image)).toEqual(Object.fromEntries(local.filter(([name]) => !ELSEWHERE.has(name))));
  });

  it('trap 4: asks the router about everything', () => {
    const apache = read('image/apache.conf');
    expect(apache).toMatch(/^AliasMatch \^ \/srv\/shop\/router\.php$/m);
    expect(apache).not.toMatch(/^\s*(Alias|ScriptAlias|AddHandler|Options) /m);
  });
});
