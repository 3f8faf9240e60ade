import { wireInteger } from '../schema/wire.ts'

/** The parameters of a list that is read page by page. */
export interface PageInput {
  readonly PageSize: number
  readonly PageNumber: number
}

/** What they are for, as the reference tells it. */
export const PAGE_ABOUT = {
  PageSize: 'How many entries a page has.',
  PageNumber: 'Which page, from 1.',
}

/** `PageSize` from 0 to 100, `PageNumber` from 1 to 100: the bounds of the product's own lists. */
export const pageInput = (defaultSize: number) => ({
  PageSize: wireInteger({ minimum: 0, maximum: 100, default: defaultSize }),
  PageNumber: wireInteger({ minimum: 1, maximum: 100, default: 1 }),
})

/** The entries of one page of a list that is at hand as a whole. */
export function pageOf<Entry>(
  entries: readonly Entry[],
  { PageSize: size, PageNumber: number }: PageInput,
): readonly Entry[] {
  return entries.slice((number - 1) * size, number * size)
}
