import { Alert, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { CodeBlock } from "../ui/CodeBlock";

interface OneTimeSecretProps {
  title: string;
  label: string;
  secret: string;
  warning: string;
  close: () => void;
}

/** Something that the server says only once. The dialog closes only by its button, so that it is not lost by a slip. */
export function OneTimeSecret({ title, label, secret, warning, close }: OneTimeSecretProps) {
  const { t } = useTranslation();
  return (
    <Modal
      open
      title={title}
      okText={t("noted")}
      onOk={close}
      onCancel={close}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      footer={(_, { OkBtn }) => <OkBtn />}
    >
      <Alert type="warning" showIcon title={warning} />
      <CodeBlock code={secret} label={label} copyLabel={t("copy")} copiedLabel={t("copied")} />
    </Modal>
  );
}
