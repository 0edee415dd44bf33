/** What a test needs that a machine may lack, and who says so. */
@NullMarked
package dev.openmemory.backup.testconditions;

import org.jspecify.annotations.NullMarked;
