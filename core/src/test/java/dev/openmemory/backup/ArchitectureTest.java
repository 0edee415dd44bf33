package dev.openmemory.backup;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The fences of docs/architecture.md within core. */
class ArchitectureTest {
  private static final String SPI = "dev.openmemory.backup.spi..";
  private static final String[] API = {
    "dev.openmemory.backup",
    "dev.openmemory.backup.[archive|diff|drill|encryption|export|memories|migration|signature]",
    "dev.openmemory.backup.[prune|sync|targetcheck|undo|verify]",
    SPI
  };
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .importUrl(Backups.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void callersAndPlugInsMeetOnlyTheJdkAndOurOwnTypes() {
    DescribedPredicate<JavaClass> foreign =
        resideOutsideOfPackages(
            "java..", "dev.openmemory.backup..", "org.jspecify.annotations..", "");
    noClasses().that().resideInAnyPackage(API).should().dependOnClassesThat(foreign).check(CORE);
  }

  @Test
  void internalTypesAreInNoPublicSignature() {
    methods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAnyPackage(API)
        .and()
        .arePublic()
        .should(notMention(resideInAnyPackage("..internal..")))
        .check(CORE);
  }

  @Test
  void callersMeetNoFailureOfInputOrOutputButOurs() {
    methods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAnyPackage(API)
        .and()
        .areDeclaredInClassesThat()
        .resideOutsideOfPackage(SPI)
        .and()
        .arePublic()
        .should()
        .notDeclareThrowableOfType(IOException.class)
        .check(CORE);
  }

  @Test
  void sourcesDoNotKnowEachOtherNorTheRuns() {
    slices()
        .matching("dev.openmemory.backup.source.(*)..")
        .should()
        .notDependOnEachOther()
        .check(CORE);
    noClasses()
        .that()
        .resideInAPackage("..source..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "..internal.[backup|catalog|crosscheck|drill|lock|migration|pause|prune|publish]..",
            "..internal.[restore|run|sync|transfer]..",
            "..internal.[plugin|target|undo]..")
        .check(CORE);
    noClasses()
        .that()
        .resideInAPackage("..internal..")
        .or()
        .resideInAnyPackage(API)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..source..")
        .check(CORE);
  }

  @Test
  void theSpiStandsOnTheValuesOfTheApiAlone() {
    noClasses()
        .that()
        .resideInAPackage(SPI)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..internal..")
        .check(CORE);
  }

  @Test
  void runsAskForNoCaptureAndNoRestorationOfOurOwn() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "..internal.[backup|catalog|crosscheck|drill|migration|pause|restore|undo]..")
        .should()
        .dependOnClassesThat(
            assignableTo(Capture.class)
                .or(assignableTo(Restoration.class))
                .and(resideOutsideOfPackages(SPI, "..internal.backup..")))
        .check(CORE);
  }

  @Test
  void theLibraryNeverEndsTheProcess() {
    noClasses().should().callMethod(System.class, "exit", int.class).check(CORE);
    noClasses().should().callMethod(Runtime.class, "halt", int.class).check(CORE);
  }

  private static ArchCondition<JavaMethod> notMention(DescribedPredicate<JavaClass> type) {
    return new ArchCondition<>("not mention " + type.getDescription()) {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        boolean mentioned =
            type.test(method.getRawReturnType())
                || method.getRawParameterTypes().stream().anyMatch(type);
        events.add(new SimpleConditionEvent(method, !mentioned, method.getFullName()));
      }
    };
  }
}
