import { Badge, Tooltip } from '@mantine/core';
import { useLive } from '../api/live.tsx';

/** Says so when changes don't come by themselves; silent while they do. On a phone there is room for one short word. */
export function LiveSign() {
  const state = useLive();
  return (
    <span role="status">
      {state === 'lost' && (
        <Tooltip label="The connection was lost. Pages are refreshed every few seconds until it is back.">
          <span>
            <Badge color="gray" variant="outline" tt="none" visibleFrom="sm">
              Reconnecting…
            </Badge>
            <Badge color="gray" variant="outline" tt="none" hiddenFrom="sm">
              Offline
            </Badge>
          </span>
        </Tooltip>
      )}
    </span>
  );
}
