@echo off
rem Starts openmemory-backup from an unpacked distribution. Needs Java 17 or newer.
setlocal
set "app=%~dp0.."
if exist "%app%\runtime\bin\java.exe" (
  set "java=%app%\runtime\bin\java.exe"
) else if defined JAVA_HOME (
  set "java=%JAVA_HOME%\bin\java.exe"
) else (
  set "java=java.exe"
)
"%java%" -XX:+UseSerialGC -Xms32m -Xmx512m --enable-native-access=ALL-UNNAMED ^
  "-Dopenmemory.launcher=%~f0" %OPENMEMORY_BACKUP_JAVA_OPTS% -cp "%app%\lib\*" dev.openmemory.backup.cli.Main %*
exit /b %ERRORLEVEL%
