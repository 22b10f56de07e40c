/** The fields in which what is wished for differs from what stands; lists are compared by their contents. */
export function changedFields<Row extends object>(before: Row, wish: Partial<Row>): (keyof Row & string)[] {
  const fields = Object.keys(wish) as (keyof Row & string)[];
  return fields.filter(
    (field) => wish[field] !== undefined && JSON.stringify(wish[field]) !== JSON.stringify(before[field]),
  );
}
