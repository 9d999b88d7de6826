package dev.caravan;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;

/** The stages import one way, and each outside thing is known only where it belongs. */
@AnalyzeClasses(packages = "dev.caravan", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule STAGES_IMPORT_ONE_WAY = Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("settings")
            .definedBy("dev.caravan.settings..")
            .layer("source")
            .definedBy("dev.caravan.source..")
            .layer("inbox")
            .definedBy("dev.caravan.inbox..")
            .layer("delivery")
            .definedBy("dev.caravan.delivery..")
            .layer("sink")
            .definedBy("dev.caravan.sink..")
            .layer("automation")
            .definedBy("dev.caravan.automation..")
            .layer("receive")
            .definedBy("dev.caravan.receive..")
            .layer("reconcile")
            .definedBy("dev.caravan.reconcile..")
            .layer("samples")
            .definedBy("dev.caravan.samples..")
            .layer("dryrun")
            .definedBy("dev.caravan.dryrun..")
            .layer("routes")
            .definedBy("dev.caravan.routes..")
            .layer("manage")
            .definedBy("dev.caravan.manage..")
            .layer("runtime")
            .definedBy("dev.caravan.runtime..")
            .layer("selftest")
            .definedBy("dev.caravan.selftest..")
            .layer("cli")
            .definedBy("dev.caravan.cli..")
            .whereLayer("settings")
            .mayNotAccessAnyLayer()
            .whereLayer("source")
            .mayOnlyAccessLayers("settings")
            .whereLayer("inbox")
            .mayOnlyAccessLayers("settings")
            .whereLayer("delivery")
            .mayOnlyAccessLayers("inbox", "settings")
            .whereLayer("sink")
            .mayOnlyAccessLayers("delivery", "settings")
            .whereLayer("automation")
            .mayOnlyAccessLayers("sink", "delivery", "inbox", "settings")
            .whereLayer("receive")
            .mayOnlyAccessLayers("source", "inbox", "settings")
            .whereLayer("reconcile")
            .mayOnlyAccessLayers("source", "inbox", "delivery", "settings")
            .whereLayer("samples")
            .mayOnlyAccessLayers("source", "settings")
            .whereLayer("dryrun")
            .mayOnlyAccessLayers("automation", "sink", "delivery", "settings")
            .whereLayer("routes")
            .mayOnlyAccessLayers("automation")
            .whereLayer("manage")
            .mayOnlyAccessLayers("receive", "automation", "reconcile", "source", "inbox", "settings")
            .whereLayer("selftest")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule CAMEL_ONLY_WHERE_ROUTES_ARE = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.caravan.settings..", "dev.caravan.source..", "dev.caravan.inbox..", "dev.caravan.delivery..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.camel..");

    @ArchTest
    static final ArchRule VERTX_ONLY_WHERE_HTTP_IS_SERVED = noClasses()
            .that()
            .resideOutsideOfPackages("dev.caravan.receive..", "dev.caravan.manage..", "dev.caravan.runtime..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx..");

    @ArchTest
    static final ArchRule JDBC_ONLY_WHERE_STORAGE_IS = noClasses()
            .that()
            .resideOutsideOfPackages("dev.caravan.inbox..", "dev.caravan.sink..")
            .and()
            .doNotHaveFullyQualifiedName("dev.caravan.runtime.LibFolder")
            .and()
            .doNotHaveFullyQualifiedName("dev.caravan.runtime.LibFolder$Visible")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..", "com.zaxxer..");

    @ArchTest
    static final ArchRule TIME_COMES_THROUGH_A_CLOCK = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule THE_SYSTEM_CLOCK_IS_MADE_AT_THE_TOP = noClasses()
            .that()
            .resideOutsideOfPackages("dev.caravan.runtime..", "dev.caravan.cli..")
            .should()
            .callMethod(Clock.class, "systemUTC");
}
