package dev.caravan.receive;

import dev.caravan.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.util.Optional;

/**
 * The certificate of a public listener that speaks HTTPS by itself. Camel reads the same keys; they are looked at here
 * so that what is wrong is said at start-up and by a check.
 *
 * @param keyStore the key store's file, absolute; empty where the keys name none
 */
public record TlsSettings(Optional<Path> keyStore) {
    /** The key that names the key store; a file is relative to the settings' directory. */
    public static final String KEY_STORE = "camel.ssl.keyStore";

    private static final String ENABLED = "camel.ssl.enabled";
    private static final String PASSWORD = "camel.ssl.keystorePassword";
    private static final String USED = "camel.server.useGlobalSslContextParameters";
    private static final String FILE = "file:";

    public static TlsSettings read(Settings settings) {
        boolean enabled = settings.flag(ENABLED, false);
        if (settings.flag(USED, false) && !enabled) {
            settings.problem(ENABLED, USED + " is true, which needs a certificate: set " + ENABLED + " to true too.");
        }
        Optional<Path> file = settings.text(KEY_STORE)
                .filter(text -> enabled && text.startsWith(FILE))
                .map(text -> settings.directory()
                        .resolve(text.substring(FILE.length()))
                        .toAbsolutePath()
                        .normalize());
        file.ifPresent(store -> check(store, settings));
        return new TlsSettings(file);
    }

    private static void check(Path store, Settings settings) {
        if (!Files.isReadable(store)) {
            settings.problem(KEY_STORE, KEY_STORE + " names " + store + ", which cannot be read: put the file there.");
            return;
        }
        try {
            KeyStore.getInstance(
                    store.toFile(), settings.text(PASSWORD).orElse("").toCharArray());
        } catch (IOException e) {
            boolean password = e.getCause() instanceof UnrecoverableKeyException;
            settings.problem(
                    password ? PASSWORD : KEY_STORE,
                    password
                            ? PASSWORD + " does not open the key store: give the one that it was made with."
                            : KEY_STORE + " names " + store + ", which is no key store: make one in PKCS12.");
        } catch (GeneralSecurityException e) {
            settings.problem(KEY_STORE, KEY_STORE + " names " + store + ", which is no key store: make one in PKCS12.");
        }
    }
}
