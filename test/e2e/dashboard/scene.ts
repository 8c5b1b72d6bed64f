import { until } from '../../support/platform.ts';
import { startDashboard, type Dashboard } from './support.ts';

/** After so long a store that has not come up is given up, here. */
const PATIENCE_SECONDS = 10;

/** A dashboard with tiny shops that can be made to last and to fail. */
export interface Scene extends Dashboard {
  /** Orders a store; resolves to its id when it has come to this status. One that is in provisioning stays there. */
  store(name: string, engine: 'medusa' | 'woocommerce', status: 'provisioning' | 'ready' | 'failed'): Promise<string>;
}

export async function openScene(): Promise<Scene> {
  const gate = makeGate();
  const dashboard = await startDashboard(
    { PROVISION_TIMEOUT_SECONDS: String(PATIENCE_SECONDS) },
    { onBoundary: (boundary) => (boundary === 'process:before' ? gate.pass() : undefined) },
  );
  const { platform } = dashboard;
  return {
    ...dashboard,
    async store(name, engine, status) {
      if (status !== 'ready') gate.close();
      const { body } = await platform.api('/api/v1/stores', { method: 'POST', body: { name, engine } });
      // One that is held is given up as soon as it goes on.
      if (status === 'failed') setTimeout(gate.open, PATIENCE_SECONDS * 1000 + 500);
      const isSo = async () => ((await platform.api(`/api/v1/stores/${body.id}`)).body.status === status ? true : null);
      await until(`${name} is ${status}`, isSo, 60_000);
      return body.id;
    },
    async stop() {
      gate.open();
      await dashboard.stop();
    },
  };
}

function makeGate() {
  let closed = false;
  let waiting: (() => void)[] = [];
  return {
    close: () => void (closed = true),
    open() {
      closed = false;
      for (const goOn of waiting) goOn();
      waiting = [];
    },
    pass: () => (closed ? new Promise<void>((goOn) => void waiting.push(goOn)) : undefined),
  };
}
