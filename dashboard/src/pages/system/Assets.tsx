import { Group, Table, Text } from '@mantine/core';
import type { Engine } from '../../api/types.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { bytes } from '../../ui/words.ts';
import classes from './System.module.css';

type Asset = NonNullable<Engine['preparation']>['assets'][number];

const HASH_SHOWN = 12;
const SOURCES = { operator: 'put there by an operator', download: 'downloaded and verified' } as const;

/** The files that went into an engine, with what proves which ones they were. */
export function Assets({ assets, of }: { assets: readonly Asset[]; of: string }) {
  return (
    <Table verticalSpacing={6} fz="sm" aria-label={`Files that went into ${of}`}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>File</Table.Th>
          <Table.Th visibleFrom="sm">Size</Table.Th>
          <Table.Th>SHA-256</Table.Th>
          <Table.Th visibleFrom="sm">Source</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {assets.map((asset) => (
          <Row key={asset.file} asset={asset} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Row({ asset: { file, bytes: size, sha256, source } }: { asset: Asset }) {
  return (
    <Table.Tr>
      <Table.Td className={classes.breaks}>
        {file}
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          {bytes(size)}, {SOURCES[source]}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">{bytes(size)}</Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          <span className={classes.hash} title={sha256}>
            {sha256.slice(0, HASH_SHOWN)}…
          </span>
          <CopyButton value={sha256} label={`Copy the SHA-256 of ${file}`} />
        </Group>
      </Table.Td>
      <Table.Td visibleFrom="sm">{SOURCES[source]}</Table.Td>
    </Table.Tr>
  );
}
