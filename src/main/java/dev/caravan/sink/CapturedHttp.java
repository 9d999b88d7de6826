package dev.caravan.sink;

import java.io.IOException;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.net.URIAuthority;

/**
 * Makes an HTTP client unable to reach anything but the capturing server: whatever the request says, the connection goes
 * there, and the path tells where it was meant to go.
 */
final class CapturedHttp implements HttpClientConfigurer, HttpRoutePlanner, ExecChainHandler {
    private final HttpHost capture;

    CapturedHttp(int port) {
        this.capture = new HttpHost("http", Destinations.CAPTURE_HOST, port);
    }

    @Override
    public void configureHttpClient(HttpClientBuilder clientBuilder) {
        clientBuilder.setProxy(null).setRoutePlanner(this).addExecInterceptorFirst("capture", this);
    }

    @Override
    public HttpRoute determineRoute(HttpHost target, HttpContext context) {
        return new HttpRoute(capture);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        URIAuthority target = request.getAuthority();
        boolean already = target != null
                && target.getPort() == capture.getPort()
                && capture.getHostName().equals(target.getHostName());
        if (target != null && !already) {
            String authority =
                    target.getPort() < 0 ? target.getHostName() : target.getHostName() + ":" + target.getPort();
            request.setPath(Destinations.capturedPath(request.getScheme(), authority, request.getPath()));
            request.setScheme(capture.getSchemeName());
            request.setAuthority(new URIAuthority(capture));
        }
        return chain.proceed(request, scope);
    }
}
