package dev.openmemory.backup.cli;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The fences of docs/architecture.md, as far as they concern this module. */
class CliArchitectureTest {
  @Test
  void packagesDoNotDependOnEachOtherInCircles() {
    slices()
        .matching("dev.openmemory.backup.cli.(**)")
        .should()
        .beFreeOfCycles()
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.openmemory.backup.cli"));
  }
}
