import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A client of the national platform's call signature, written from the public description: refreshes its secret with the
 * appkey, unwraps it the way such clients do, and calls. Arguments: base address, requester, service, appkey. Prints what
 * the call was answered with; ends with an error when it gets no secret.
 */
public class National {
    public static void main(String[] told) throws Exception {
        String base = told[0], requester = told[1], service = told[2], appkey = told[3];
        String time = String.valueOf(System.currentTimeMillis());
        String fields = String.format(
            "{\"gjgxjhpt_rid\":\"%s\",\"gjgxjhpt_sid\":\"%s\",\"gjgxjhpt_rtime\":\"%s\",\"gjgxjhpt_sign\":\"%s\"}",
            requester, service, time, sign(appkey, service + requester + time));
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest refresh = HttpRequest.newBuilder(URI.create(base + "/data/v1/national/secret"))
            .header("content-type", "application/json;charset=UTF-8")
            .POST(HttpRequest.BodyPublishers.ofString(fields)).build();
        String answer = client.send(refresh, HttpResponse.BodyHandlers.ofString()).body();
        if (!"0".equals(member(answer, "code"))) {
            System.err.println(answer);
            System.exit(1);
        }
        String secret = unwrap(appkey, member(answer, "secret"));
        time = String.valueOf(System.currentTimeMillis());
        HttpRequest call = HttpRequest.newBuilder(URI.create(base + "/data/v1/national/call"))
            .header("content-type", "application/json")
            .header("gjgxjhpt_rid", requester)
            .header("gjgxjhpt_sid", service)
            .header("gjgxjhpt_rtime", time)
            .header("gjgxjhpt_sign", sign(secret, service + requester + time))
            .POST(HttpRequest.BodyPublishers.ofString("{\"limit\":1}")).build();
        HttpResponse<String> called = client.send(call, HttpResponse.BodyHandlers.ofString());
        System.out.println(called.body());
        System.exit(called.statusCode() == 200 ? 0 : 2);
    }

    private static String sign(String key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String unwrap(String appkey, String wrapped) throws Exception {
        SecureRandom seeded = SecureRandom.getInstance("SHA1PRNG");
        seeded.setSeed(appkey.getBytes(StandardCharsets.UTF_8));
        KeyGenerator generator = KeyGenerator.getInstance("AES");
        generator.init(128, seeded);
        Cipher cipher = Cipher.getInstance("AES");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(generator.generateKey().getEncoded(), "AES"));
        return new String(cipher.doFinal(Base64.getDecoder().decode(wrapped)), StandardCharsets.UTF_8);
    }

    private static String member(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]*)\"").matcher(json);
        return found.find() ? found.group(1) : "";
    }
}
