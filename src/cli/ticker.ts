import type { Output } from './output.ts';

const ON_A_TERMINAL_MS = 500;
const ELSEWHERE_MS = 10_000;

/** Says again and again how it goes: on a terminal in one line that changes, elsewhere now and then in a new one. */
export function startTicker(output: Output, text: () => string): { stop(): void } {
  const { stderr, interactive } = output;
  const show = () => (interactive ? void stderr.write(`\r\u001b[2K${text()}`) : output.note(text()));
  const timer = setInterval(show, interactive ? ON_A_TERMINAL_MS : ELSEWHERE_MS);
  return {
    stop() {
      clearInterval(timer);
      if (interactive) stderr.write('\r\u001b[2K');
    },
  };
}
