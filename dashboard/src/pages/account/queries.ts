import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';

export const apiKeysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/api-keys', { signal })),
});
