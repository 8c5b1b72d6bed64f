import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';

export const PAGE_SIZE = 25;

/** All pages of the list; for saying that they are not true any more. */
export const PEOPLE = { queryKey: ['people'] };

/** `page` counts from 1. */
export const peopleQuery = (page: number) =>
  queryOptions({
    queryKey: [...PEOPLE.queryKey, page],
    queryFn: ({ signal }) => {
      const query = { limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE };
      return answer(api.GET('/api/v1/users', { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
  });
