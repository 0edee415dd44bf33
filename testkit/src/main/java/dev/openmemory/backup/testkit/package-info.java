/** For authors of plug-ins: the contracts that a target and a source must pass, and faults. */
@NullMarked
package dev.openmemory.backup.testkit;

import org.jspecify.annotations.NullMarked;
