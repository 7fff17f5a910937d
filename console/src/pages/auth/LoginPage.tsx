import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { sessionOpen } from "../../api/calls";
import { LoneFrame } from "../../components/LoneFrame";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { paths } from "../../paths";

interface Arrival {
  from?: string;
  login?: string;
  done?: boolean;
}

export function LoginPage() {
  const { t } = useTranslation(["auth", "common"]);
  const navigate = useNavigate();
  const client = useQueryClient();
  const arrival = (useLocation().state ?? {}) as Arrival;
  const open = useMutation({
    mutationFn: (form: { login: string; password: string }) => sessionOpen(form.login.trim(), form.password),
    onSuccess: async (session) => {
      client.clear();
      client.setQueryData(["session"], session);
      await navigate(arrival.from ?? paths.workbench, { replace: true });
    },
  });
  return (
    <LoneFrame>
      <PageHead title={t("title")} />
      {arrival.done ? <Alert type="success" showIcon title={t("welcome.done")} className="gap" /> : null}
      {open.error ? <ProblemAlert error={open.error} /> : null}
      <Form layout="vertical" size="large" requiredMark={false} onFinish={open.mutate} initialValues={{ login: arrival.login }}>
        <Form.Item name="login" label={t("login")} rules={[{ required: true, message: t("common:required") }]}>
          <Input autoComplete="username" autoFocus maxLength={64} />
        </Form.Item>
        <Form.Item name="password" label={t("password")} rules={[{ required: true, message: t("common:required") }]}>
          <Input.Password autoComplete="current-password" maxLength={256} />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={open.isPending}>
          {t("submit")}
        </Button>
      </Form>
      <p className="muted small gate-notice">{t("notice")}</p>
    </LoneFrame>
  );
}
