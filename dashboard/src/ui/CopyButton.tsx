import { ActionIcon, CopyButton as Copier, Tooltip } from '@mantine/core';

/** Puts a text on the clipboard, and says that it did. `label` says which text. */
export function CopyButton({ value, label }: { value: string; label: string }) {
  return (
    <Copier value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : label}>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={copied ? 'Copied' : label} onClick={copy}>
            <svg
              viewBox="0 0 24 24"
              width="14"
              height="14"
              aria-hidden="true"
              fill="none"
              stroke="currentColor"
              strokeWidth="2"
            >
              {copied ? <path d="M5 13l4 4L19 7" /> : <path d="M9 9h11v11H9zM5 15H4V4h11v1" />}
            </svg>
          </ActionIcon>
        </Tooltip>
      )}
    </Copier>
  );
}
