/** What stands in the address of a page, by the names of its pattern. */
export interface PageProps {
  readonly id?: string
}
