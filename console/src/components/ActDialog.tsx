import { Form, Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useWrite } from "../api/query";
import { ProblemAlert } from "./ProblemAlert";

interface ActDialogProps {
  title: string;
  text?: ReactNode;
  /** Label of the text that goes with the act; without it nothing is asked. */
  note?: { label: string; required: boolean };
  confirm: string;
  danger?: boolean;
  act: (note: string) => Promise<unknown>;
  close: () => void;
}

/** One step of a matter: says what will happen, asks for the words that belong to it, shows why it was refused. */
export function ActDialog({ title, text, note, confirm, danger = false, act, close }: ActDialogProps) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const [touched, setTouched] = useState(false);
  const write = useWrite((said: string) => act(said), close);
  const missing = note?.required === true && words.trim() === "";
  const submit = () => {
    setTouched(true);
    if (!missing) write.mutate(words.trim());
  };
  return (
    <Modal
      open
      title={title}
      okText={confirm}
      cancelText={t("cancel")}
      okButtonProps={{ danger, loading: write.isPending }}
      onOk={submit}
      onCancel={close}
      mask={{ closable: false }}
    >
      {text ? <div className="dialog-text">{text}</div> : null}
      {note ? (
        <Form layout="vertical" component="div">
          <Form.Item
            label={note.label}
            htmlFor="act-note"
            required={note.required}
            validateStatus={touched && missing ? "error" : undefined}
            help={touched && missing ? t("required") : undefined}
          >
            <Input.TextArea id="act-note" rows={4} maxLength={2000} value={words} onChange={(event) => setWords(event.target.value)} />
          </Form.Item>
        </Form>
      ) : null}
      {write.error ? <ProblemAlert error={write.error} /> : null}
    </Modal>
  );
}
