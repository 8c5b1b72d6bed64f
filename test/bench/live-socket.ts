import { WebSocket } from 'ws';

export interface LiveMessage {
  type: 'snapshot' | 'delta' | 'figures' | 'beat';
  quarters?: { orders: number }[];
}

/** An open live page of one source, as a browser opens it. Resolves with its snapshot seen. */
export async function openLive(
  url: string,
  key: string,
  source: string,
  onMessage: (message: LiveMessage) => void,
): Promise<WebSocket> {
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch(`${url}/api/v1/live/tickets`, { method: 'POST', headers });
  const { ticket } = (await answer.json()) as { ticket: string };
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/v1/live?ticket=${ticket}&storeId=${source}`);
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', (code) => reject(new Error(`closed with ${code}`)));
    socket.once('message', () => resolve());
  });
  socket.on('message', (data) => onMessage(JSON.parse(String(data)) as LiveMessage));
  return socket;
}
