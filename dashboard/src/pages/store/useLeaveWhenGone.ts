import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { toast } from 'sonner';
import type { Store } from '../../api/types.ts';

/** A store that was shown and is not there any more: says so, and goes back to the list. */
export function useLeaveWhenGone(gone: Store | undefined): void {
  const navigate = useNavigate();
  const client = useQueryClient();
  useEffect(() => {
    if (!gone) return;
    toast.success(`${gone.name} is gone.`, { id: `gone-${gone.id}` });
    void navigate({ to: '/' }).then(() => {
      for (const part of ['one', 'events', 'usage']) client.removeQueries({ queryKey: ['stores', part, gone.id] });
      return client.invalidateQueries({ queryKey: ['stores', 'list'] });
    });
  }, [gone, navigate, client]);
}
