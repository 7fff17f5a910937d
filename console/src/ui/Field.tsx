import { type ReactNode, useId } from "react";

interface FieldProps {
  label: string;
  hint?: ReactNode;
  problem?: string | null;
  required?: boolean;
  wide?: boolean;
  /** The control; it must take this id so that the label speaks for it. */
  children: (control: { id: string; "aria-describedby": string | undefined; status: "error" | undefined; "aria-invalid": boolean | undefined }) => ReactNode;
}

/** A labelled control with its hint and, below it, what is wrong with it. */
export function Field({ label, hint, problem, required = false, wide = false, children }: FieldProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : "", problem ? `${id}-problem` : ""].join(" ").trim() || undefined;
  return (
    <div className={wide ? "field wide" : "field"}>
      <label htmlFor={id} className="field-label">
        {label}
        {required ? (
          <span className="field-star" aria-hidden="true">
            *
          </span>
        ) : null}
      </label>
      {children({ id, "aria-describedby": described, status: problem ? "error" : undefined, "aria-invalid": problem ? true : undefined })}
      {hint ? (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      ) : null}
      {problem ? (
        <p id={`${id}-problem`} className="field-problem" role="alert">
          {problem}
        </p>
      ) : null}
    </div>
  );
}

/** Controls that belong together, under one heading. */
export function FieldGroup({ title, hint, columns = 2, children }: { title: string; hint?: ReactNode; columns?: 2 | 3; children: ReactNode }) {
  return (
    <fieldset className="field-group">
      <legend>{title}</legend>
      {hint ? <p className="muted">{hint}</p> : null}
      <div className={columns === 3 ? "field-grid three" : "field-grid"}>{children}</div>
    </fieldset>
  );
}
