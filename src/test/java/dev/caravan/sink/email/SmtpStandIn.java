package dev.caravan.sink.email;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A mail server on a port of its own that takes every message, but replies to a command as a test says; {@link #CLOSE} is to
 * close the connection without a reply. With TLS it offers STARTTLS, or speaks TLS from the beginning.
 */
final class SmtpStandIn implements AutoCloseable {
    static final String CLOSE = "";
    static final String GREETING = "(greeting)";
    static final String END = "(dot)";

    final List<String> commands = new CopyOnWriteArrayList<>();
    final List<String> messages = new CopyOnWriteArrayList<>();
    private final Map<String, String> replies = new ConcurrentHashMap<>();
    private final @Nullable SSLContext tls;
    private final boolean implicit;
    private final ServerSocket server;
    private final Thread thread;

    SmtpStandIn(@Nullable SSLContext tls, boolean implicit) throws IOException {
        this.tls = tls;
        this.implicit = implicit;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.thread = new Thread(this::serve, "smtp-stand-in");
        thread.setDaemon(true);
        thread.start();
    }

    static SmtpStandIn plain() throws IOException {
        return new SmtpStandIn(null, false);
    }

    int port() {
        return server.getLocalPort();
    }

    /** @param command what a line begins with, such as {@code RCPT TO:<a@b>}, or {@link #GREETING} or {@link #END} */
    SmtpStandIn replies(String command, String reply) {
        replies.put(command, reply);
        return this;
    }

    /** A thread that is still accepting may take one more connection, so it is waited for. */
    @Override
    public void close() throws IOException {
        server.close();
        try {
            thread.join(10_000);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.setSoTimeout(20_000);
                talk(implicit ? secured(socket) : socket);
            } catch (IOException gone) {
                commands.add("(" + gone.getClass().getSimpleName() + ")");
            }
        }
    }

    private void talk(Socket socket) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        if (!replied(socket, GREETING, "220 stand-in ESMTP")) {
            return;
        }
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            commands.add(line);
            String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
            if (!replied(socket, line, usual(verb, socket)) || verb.equals("QUIT")) {
                return;
            }
            if (verb.equals("STARTTLS")) {
                talkSecured(socket);
                return;
            }
            if (verb.equals("DATA") && given("DATA", "354").startsWith("354")) {
                messages.add(text(lines));
                if (!replied(socket, END, "250 taken")) {
                    return;
                }
            }
        }
    }

    private void talkSecured(Socket socket) throws IOException {
        replies.put(GREETING, "(none)");
        talk(secured(socket));
    }

    private String usual(String verb, Socket socket) {
        return switch (verb) {
            case "EHLO" ->
                tls != null && !(socket instanceof SSLSocket)
                        ? "250-stand-in\r\n250 STARTTLS"
                        : "250-stand-in\r\n250 AUTH PLAIN";
            case "DATA" -> "354 go on";
            case "QUIT" -> "221 bye";
            case "AUTH" -> "235 welcome";
            case "STARTTLS" -> "220 go on";
            default -> "250 ok";
        };
    }

    private String given(String line, String usual) {
        return replies.entrySet().stream()
                .filter(reply -> line.startsWith(reply.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(usual);
    }

    private boolean replied(Socket socket, String line, String usual) throws IOException {
        String reply = given(line, usual);
        if (reply.equals(CLOSE)) {
            return false;
        }
        if (!reply.equals("(none)")) {
            socket.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
        return true;
    }

    private static String text(BufferedReader lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line = lines.readLine(); line != null && !line.equals("."); line = lines.readLine()) {
            text.append(line).append('\n');
        }
        return text.toString();
    }

    private Socket secured(Socket socket) throws IOException {
        if (tls == null) {
            throw new IOException("The stand-in has no certificate");
        }
        SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, socket.getPort(), false);
        secured.setUseClientMode(false);
        return secured;
    }
}
