// A worker thread with one PHP. It does one thing at a time and answers each message once, in order.
import { parentPort, workerData } from 'node:worker_threads';
import { startInterpreter } from './interpreter.mjs';
import { OWN_FOLDER } from './settings.mjs';

const php = await startInterpreter(workerData);

parentPort.on('message', (message) => {
  answer(message).then(
    (reply) => parentPort.postMessage(reply, reply.body ? [reply.body.buffer] : []),
    // A crash leaves PHP's memory in an unknown state: this instance must not go on. The pool sees the thread end.
    (error) => {
      throw error;
    },
  );
});
parentPort.postMessage({ version: await version() }, []);

async function answer({ kind, request }) {
  if (kind === 'request') return await run(workerData.router, request);
  if (kind === 'scripts') return { scripts: JSON.parse(text(await run(`${OWN_FOLDER}/scripts.php`, ownRequest()))) };
  await run(`${OWN_FOLDER}/warm.php`, ownRequest(Buffer.from(JSON.stringify(request))));
  return {};
}

/** @returns `{ head, body }`: PHP's report of status and headers as JSON text, what it printed */
async function run(scriptPath, { method, url, headers, variables, body }) {
  const keys = [...Object.keys(variables), 'REQUEST_TIME', 'REQUEST_TIME_FLOAT'].join(',');
  const answered = await php.runStream({
    scriptPath,
    relativeUri: url,
    method,
    headers,
    body: body?.length ? body : undefined,
    $_SERVER: { ...variables, PHP_MJS_KEYS: keys },
  });
  const [head, output, log] = await Promise.all([
    collect(answered.getHeadersStream()),
    collect(answered.stdout),
    collect(answered.stderr),
    answered.exitCode,
  ]);
  if (log.length > 0) process.stderr.write(log);
  return { head: Buffer.from(head).toString('utf8'), body: output };
}

async function collect(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  const whole = Buffer.concat(chunks);
  // A copy of its own, because Node's small buffers share memory, which can't be handed over.
  return new Uint8Array(whole);
}

function ownRequest(body) {
  return { method: 'POST', url: '/', headers: {}, variables: {}, body };
}

function text({ body }) {
  return Buffer.from(body).toString('utf8');
}

async function version() {
  return text(await run(`${OWN_FOLDER}/version.php`, ownRequest()));
}
