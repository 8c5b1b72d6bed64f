import { describe, expect, it } from 'vitest';
import { decideRelease } from './release-action.ts';
import { revisionsFrom } from './revisions.ts';

const wanted = { version: '2', hash: 'b' };

/** Helm's Secrets by status, version and hash, in any order. */
const history = (...all: [status: string, version?: string, hash?: string][]) =>
  revisionsFrom(
    all
      .map(([status, version, hash], n) => ({
        metadata: {
          name: `sh.helm.release.v1.shop.v${n + 1}`,
          labels: {
            owner: 'helm',
            name: 'shop',
            status,
            version: String(n + 1),
            ...(version !== undefined && { 'store-platform/version': version }),
            ...(hash !== undefined && { 'store-platform/hash': hash }),
          },
        },
      }))
      .toReversed(),
  );

describe('what to do with a release', () => {
  it('reads the history from the labels of Secrets, oldest first', () => {
    expect(history(['superseded', '1', 'a'], ['deployed'])).toEqual([
      { number: 1, status: 'superseded', version: '1', hash: 'a', secret: 'sh.helm.release.v1.shop.v1' },
      { number: 2, status: 'deployed', version: null, hash: null, secret: 'sh.helm.release.v1.shop.v2' },
    ]);
  });

  it('installs where there is none, and tries again what has failed', () => {
    expect(decideRelease([], wanted, true)).toEqual({ do: 'upgrade' });
    expect(decideRelease(history(['failed', '2', 'b']), wanted, false)).toEqual({ do: 'upgrade' });
  });

  it('leaves alone what is as wanted', () => {
    expect(decideRelease(history(['deployed', '2', 'b']), wanted, false)).toEqual({ do: 'nothing' });
  });

  it('upgrades what is not, be it the version, the values, or a release of somebody else', () => {
    for (const other of [['deployed', '1', 'b'], ['deployed', '2', 'a'], ['deployed']] as const) {
      expect(decideRelease(history([...other]), wanted, false)).toEqual({ do: 'upgrade' });
    }
  });

  it('goes back to the newest revision that was as wanted and has run', () => {
    const all = history(
      ['superseded', '2', 'b'],
      ['superseded', '2', 'b'],
      ['failed', '2', 'b'],
      ['deployed', '3', 'c'],
    );
    expect(decideRelease(all, wanted, false)).toMatchObject({ do: 'rollback', to: { number: 2 } });
  });

  it('applies the same revision again where what runs has strayed from it', () => {
    expect(decideRelease(history(['deployed', '2', 'b']), wanted, true)).toMatchObject({
      do: 'rollback',
      to: { number: 1 },
    });
  });

  it('goes back to what still runs when an upgrade has failed', () => {
    const all = history(['deployed', '2', 'b'], ['failed', '3', 'c']);
    expect(decideRelease(all, wanted, false)).toMatchObject({ do: 'rollback', to: { number: 1 } });
  });

  it.each(['pending-install', 'pending-upgrade', 'pending-rollback'])(
    'unlocks what a dead worker left %s',
    (status) => {
      const all = history(['deployed', '1', 'a'], [status, '2', 'b']);
      expect(decideRelease(all, wanted, false)).toMatchObject({ do: 'unlock', revision: { number: 2 } });
    },
  );

  it('ends an uninstallation that was interrupted', () => {
    expect(decideRelease(history(['uninstalling', '2', 'b']), wanted, false)).toEqual({ do: 'uninstall' });
  });
});
