package dev.caravan.dryrun;

import com.github.tomakehurst.wiremock.extension.ResponseTransformerV2;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.http.HttpHeaders;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.Response;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets a WireMock stand-in answer as the demo's vendors do, at {@code /~/https/HOST/PATH}: from {@code
 * dryrun/answers.yaml}. What an answer says of the vendor's own address points back to the stand-in.
 */
public final class VendorAnswers implements ResponseTransformerV2 {
    /** Its name among WireMock's transformers. */
    public static final String NAME = "vendor-answers";

    private static final Pattern ADDRESSED = Pattern.compile("/(?:~|%7E)/(https?)/([^/?]+)(.*)", Pattern.DOTALL);
    private static final Pattern INSTANCE = Pattern.compile("(\"instance_url\":\")https://([^\"]+)");

    private final Answers answers = Answers.load(Clock.systemUTC());

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public boolean applyGlobally() {
        return false;
    }

    @Override
    public Response transform(Response response, ServeEvent event) {
        Request request = event.getRequest();
        Matcher addressed = ADDRESSED.matcher(request.getUrl());
        if (!addressed.matches()) {
            return Response.Builder.like(response).but().status(404).build();
        }
        Answers.Answer answer = answers.to(new CapturedRequest(
                Instant.now(),
                request.getMethod().getName(),
                addressed.group(1),
                addressed.group(2),
                addressed.group(3),
                Map.of(),
                request.getBody(),
                0));
        String base = request.getAbsoluteUrl()
                .substring(
                        0, request.getAbsoluteUrl().length() - request.getUrl().length());
        String body = INSTANCE.matcher(new String(answer.body(), StandardCharsets.UTF_8))
                .replaceAll("$1" + Matcher.quoteReplacement(base) + "/~/https/$2");
        return Response.Builder.like(response)
                .but()
                .status(answer.status())
                .headers(new HttpHeaders(new HttpHeader("Content-Type", answer.contentType())))
                .body(body.getBytes(StandardCharsets.UTF_8))
                .build();
    }
}
