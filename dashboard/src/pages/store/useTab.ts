import { useNavigate, useSearch } from '@tanstack/react-router';

export const TABS = { overview: 'Overview', timeline: 'Timeline', logs: 'Logs', usage: 'Usage', settings: 'Settings' };
export type Tab = keyof typeof TABS;

const isTab = (value: unknown): value is Tab => typeof value === 'string' && Object.hasOwn(TABS, value);

/** The open tab, which the address holds (`?tab=logs`), so that it can be reloaded and shared. */
export function useTab(id: string): [Tab, (tab: string | null) => void] {
  const { tab } = useSearch({ strict: false }) as { tab?: unknown };
  const navigate = useNavigate();
  const open = (next: string | null): void => {
    const search = next === null || next === 'overview' ? {} : { tab: next };
    void navigate({ to: '/stores/$id', params: { id }, search: search as never, replace: true, resetScroll: false });
  };
  return [isTab(tab) ? tab : 'overview', open];
}
