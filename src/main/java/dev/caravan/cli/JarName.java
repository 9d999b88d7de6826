package dev.caravan.cli;

/** What stands after {@code java -jar} in commands that a person is to copy. */
final class JarName {
    private JarName() {}

    /** The jar as this process was started with it; where it was started otherwise, its usual name. */
    static String asStarted() {
        return of(System.getProperty("java.class.path", ""));
    }

    static String of(String classPath) {
        boolean one = classPath.endsWith(".jar") && classPath.indexOf(java.io.File.pathSeparatorChar) < 0;
        return !one ? "caravan.jar" : classPath.indexOf(' ') < 0 ? classPath : "'" + classPath + "'";
    }
}
