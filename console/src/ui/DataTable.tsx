import type { ReactNode } from "react";

export interface Column<Row> {
  key: string;
  title: ReactNode;
  cell: (row: Row) => ReactNode;
  align?: "start" | "end";
  /** The column that names the row: read first, and the heading of the card on a narrow screen. */
  main?: boolean;
  narrow?: boolean;
}

interface DataTableProps<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  empty: ReactNode;
  current?: number;
}

/** A plain table with a caption; below 720 px every row becomes a card (see tables.css). */
export function DataTable<Row>({ caption, columns, rows, rowKey, empty, current }: DataTableProps<Row>) {
  if (rows.length === 0) return <div className="table-empty">{empty}</div>;
  return (
    <div className="table-wrap" tabIndex={0} role="group" aria-label={caption}>
      <table className="table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={cellClass(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={rowKey(row)} data-row={index} className={index === current ? "current" : undefined}>
              {columns.map((column) => (
                <Cell key={column.key} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cellClass<Row>(column: Column<Row>): string {
  return [column.align === "end" ? "end" : "", column.main ? "main" : "", column.narrow ? "narrow" : ""].join(" ").trim();
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const inside = (
    <>
      {column.main ? null : (
        <span className="cell-label" aria-hidden="true">
          {column.title}
        </span>
      )}
      <span className="cell-value">{column.cell(row)}</span>
    </>
  );
  const className = cellClass(column);
  return column.main ? (
    <th scope="row" className={className}>
      {inside}
    </th>
  ) : (
    <td className={className}>{inside}</td>
  );
}
