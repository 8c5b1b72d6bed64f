import { Button, Group, Switch } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { allLines, type LogLines } from './lines.ts';

interface Props {
  shown: LogLines;
  fileName: string;
  paused: boolean;
  onPause: () => void;
  wrap: boolean;
  onWrap: (wrap: boolean) => void;
}

export function LogTools({ shown, fileName, paused, onPause, wrap, onWrap }: Props) {
  const empty = shown.from === shown.to;
  return (
    <Group gap="sm">
      <Button variant={paused ? 'filled' : 'default'} onClick={onPause} miw={92}>
        {paused ? 'Resume' : 'Pause'}
      </Button>
      <Copy shown={shown} disabled={empty} />
      <Button variant="default" disabled={empty} onClick={() => save(fileName, allLines(shown))}>
        Download
      </Button>
      <Switch label="Wrap lines" checked={wrap} onChange={(event) => onWrap(event.currentTarget.checked)} />
    </Group>
  );
}

/** The text is only put together when it is wanted. */
function Copy({ shown, disabled }: { shown: LogLines; disabled: boolean }) {
  const { copy, copied } = useClipboard({ timeout: 1500 });
  return (
    <Button variant="default" disabled={disabled} miw={84} onClick={() => copy(allLines(shown).join('\n'))}>
      {copied ? 'Copied' : 'Copy'}
    </Button>
  );
}

function save(name: string, lines: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([`${lines.join('\n')}\n`], { type: 'text/plain' }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  // Not at once: the browser has yet to read it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
