/** What tests need that a machine may lack, and the report of what is missing. */
@NullMarked
package dev.openmemory.backup.testconditions;

import org.jspecify.annotations.NullMarked;
